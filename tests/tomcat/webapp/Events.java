package sessionmaker;

import jakarta.servlet.http.HttpSessionEvent;
import jakarta.servlet.http.HttpSessionListener;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts what Tomcat tells listeners: a purge in SQL fires none of these. */
public class Events implements HttpSessionListener {
    static final AtomicInteger CREATED = new AtomicInteger();
    /**
     * The ids of ended sessions. Two threads that expire the rows of a store at the same time (Tomcat's own background
     * thread and a call through JMX) may both load and expire a session, and the listener is then told twice.
     */
    static final Set<String> DESTROYED = ConcurrentHashMap.newKeySet();

    @Override
    public void sessionCreated(HttpSessionEvent event) {
        CREATED.incrementAndGet();
    }

    @Override
    public void sessionDestroyed(HttpSessionEvent event) {
        DESTROYED.add(event.getSession().getId());
    }
}
