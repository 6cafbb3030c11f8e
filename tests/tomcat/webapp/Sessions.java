package sessionmaker;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/**
 * Makes sessions and shows them, for tests. Answers are lines of text, fields parted by tabs:
 * a session is its {@code id}, {@code new} and {@code inactive}, then a line for each attribute
 * (name, class, value), sorted by name. 404 where the request has no session.
 *
 * <pre>
 * /create[?user=NAME][&amp;bytes=N][&amp;inactive=SECONDS]   a session with attributes of many types
 * /read                                            the session as it is
 * /set?NAME=VALUE...                               adds string attributes
 * /inactive?seconds=N                              0 or less: never expires
 * /login?user=NAME                                 gives the session another id, as a login does
 * /cookie                                          adds an attribute whose class is of the servlet API
 * /enter?user=NAME&amp;password=WORD                   logs in by the realm, as a login form does
 * /invalidate
 * /events                                          what listeners were told; needs no session
 * </pre>
 */
public class Sessions extends HttpServlet {
    private static final long serialVersionUID = 1L;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.setContentType("text/plain;charset=UTF-8");
        PrintWriter out = response.getWriter();
        String path = request.getPathInfo();
        if ("/events".equals(path)) {
            out.println("created\t" + Events.CREATED.get());
            out.println("destroyed\t" + Events.DESTROYED.size());
            return;
        }
        HttpSession session = request.getSession("/create".equals(path));
        if (session == null) {
            response.setStatus(HttpServletResponse.SC_NOT_FOUND);
            out.println("no session");
            return;
        }
        switch (path == null ? "" : path) {
            case "/create":
                fill(session, text(request, "user", "alice"), number(request, "bytes", 2048));
                session.setMaxInactiveInterval(number(request, "inactive", session.getMaxInactiveInterval()));
                break;
            case "/read":
                break;
            case "/set":
                request.getParameterMap().forEach((name, values) -> session.setAttribute(name, values[0]));
                break;
            case "/inactive":
                session.setMaxInactiveInterval(number(request, "seconds", 1800));
                break;
            case "/login":
                request.changeSessionId();
                session.setAttribute("user", text(request, "user", "alice"));
                break;
            case "/cookie":
                session.setAttribute("cookie", new Cookie("theme", "dark"));
                break;
            case "/enter":
                enter(request);
                break;
            case "/invalidate":
                session.invalidate();
                out.println("invalidated");
                return;
            default:
                response.setStatus(HttpServletResponse.SC_BAD_REQUEST);
                out.println("no such path");
                return;
        }
        if (request.getRemoteUser() != null) {
            out.println("remote-user\t" + request.getRemoteUser());
        }
        show(session, out);
    }

    private static void enter(HttpServletRequest request) throws IOException {
        try {
            request.login(request.getParameter("user"), request.getParameter("password"));
        } catch (ServletException e) {
            throw new IOException(e);
        }
    }

    private static void fill(HttpSession session, String user, int bytes) {
        session.setAttribute("user", user);
        session.setAttribute("unicode", "Grüße, 世界 \uD83C\uDF0D");
        session.setAttribute("integer", 123456);
        session.setAttribute("long", 9_007_199_254_740_993L);
        session.setAttribute("boolean", Boolean.TRUE);
        session.setAttribute("date", new Date(1_700_000_000_000L));
        session.setAttribute("list", new ArrayList<>(Arrays.asList("one", 2, 3L, null)));
        Map<String, Object> map = new HashMap<>();
        map.put("currency", "EUR");
        map.put("rates", new double[] {1.0, 1.1});
        session.setAttribute("map", map);
        session.setAttribute("uuid", new UUID(0x0123456789abcdefL, 0xfedcba9876543210L));
        session.setAttribute("decimal", new BigDecimal("-12345678901234567890.50"));
        session.setAttribute("instant", Instant.ofEpochSecond(1_700_000_000L, 5_000_000));
        session.setAttribute("day", LocalDate.of(2024, 2, 29));
        session.setAttribute("weekday", DayOfWeek.FRIDAY);
        byte[] data = new byte[bytes];
        for (int i = 0; i < bytes; i++) {
            data[i] = (byte) (i * 31);
        }
        session.setAttribute("bytes", data);
        Basket basket = new Basket(user);
        basket.add("book", 12.5);
        basket.add("lamp", 30.0);
        session.setAttribute("basket", basket);
    }

    private static void show(HttpSession session, PrintWriter out) {
        out.println("id\t" + session.getId());
        out.println("new\t" + session.isNew());
        out.println("inactive\t" + session.getMaxInactiveInterval());
        List<String> names = Collections.list(session.getAttributeNames());
        Collections.sort(names);
        for (String name : names) {
            Object value = session.getAttribute(name);
            out.println(name + "\t" + value.getClass().getName() + "\t" + render(value));
        }
    }

    private static String render(Object value) {
        if (value instanceof byte[]) {
            byte[] data = (byte[]) value;
            return data.length + " bytes, hash " + Arrays.hashCode(data);
        }
        if (value instanceof double[]) {
            return Arrays.toString((double[]) value);
        }
        if (value instanceof Date) {
            return Long.toString(((Date) value).getTime());
        }
        if (value instanceof Map) {
            Map<String, String> sorted = new TreeMap<>();
            ((Map<?, ?>) value).forEach((key, item) -> sorted.put(String.valueOf(key), render(item)));
            return sorted.toString();
        }
        return String.valueOf(value);
    }

    private static String text(HttpServletRequest request, String name, String otherwise) {
        String value = request.getParameter(name);
        return value == null ? otherwise : value;
    }

    private static int number(HttpServletRequest request, String name, int otherwise) {
        String value = request.getParameter(name);
        return value == null ? otherwise : Integer.parseInt(value);
    }
}
