import java.io.*;
import java.nio.file.*;
import java.util.*;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.authority.SimpleGrantedAuthority;
import org.springframework.security.core.context.SecurityContextImpl;
import org.springframework.security.core.userdetails.User;

/** Writes sessions, object for object as StandardSession.writeObjectData of the Tomcats does. */
class Sessions {
  enum Form { PLAIN, LOGIN, NOTES }

  static final String ID = "0123456789ABCDEF0123456789ABCDEF.jvm1";

  static void write() throws Exception {
    for (Form form : Form.values()) session("session-" + form.name().toLowerCase(), form, attributes());
    session("session-broken", Form.NOTES, broken());
    List<Map<String, Object>> all = List.of(attributes(), new LinkedHashMap<>(), broken());
    StringBuilder text = new StringBuilder();
    Fixtures.stream("SESSIONS", out -> {
      out.writeObject(Integer.valueOf(all.size()));
      for (Map<String, Object> a : all) session(out, Form.NOTES, a, text);
    }, "");
    Files.writeString(Fixtures.dir.resolve("SESSIONS.txt"), text);
  }

  static void session(String name, Form form, Map<String, Object> attributes) throws Exception {
    StringBuilder text = new StringBuilder();
    Fixtures.stream(name, out -> session(out, form, attributes, text), "");
    Files.writeString(Fixtures.dir.resolve(name + ".txt"), text);
  }

  static void session(ObjectOutputStream out, Form form, Map<String, Object> attributes, StringBuilder text) throws Exception {
    out.writeObject(Long.valueOf(1700000000000L));
    out.writeObject(Long.valueOf(1700000001000L));
    out.writeObject(Integer.valueOf(1800));
    out.writeObject(Boolean.valueOf(form == Form.PLAIN));
    out.writeObject(Boolean.valueOf(true));
    out.writeObject(Long.valueOf(1700000002000L));
    out.writeObject(ID);
    if (form != Form.PLAIN) { out.writeObject("FORM"); out.writeObject(new Node("principal")); }
    if (form == Form.NOTES) { out.writeObject(null); out.writeObject(new Node("request")); }
    out.writeObject(Integer.valueOf(attributes.size()));
    text.append(form).append(' ').append(attributes.size()).append('\n');
    for (Map.Entry<String, Object> e : attributes.entrySet()) {
      out.writeObject(e.getKey());
      try {
        out.writeObject(e.getValue());
        text.append(e.getKey()).append(": ").append(Fixtures.say(e.getValue())).append('\n');
      } catch (NotSerializableException x) {
        text.append(e.getKey()).append(": broken ").append(x.getMessage()).append('\n');
      }
    }
  }

  static Map<String, Object> attributes() {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("user", "alice");
    all.put("count", 1800);
    all.put("cart", new ArrayList<>(List.of("book", 2)));
    all.put("SPRING_SECURITY_CONTEXT", context("alice"));
    return all;
  }

  /** What cannot be written stands in the middle, below objects that are half written by then. */
  static Map<String, Object> broken() {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("first", new Node("first"));
    all.put("bare", new Thread());
    all.put("deep", new ArrayList<>(Arrays.asList("x", new Object[] { 1, new HashMap<>(Map.of("k", new Thread())) })));
    all.put("after", new Node("after"));
    all.put("count", 1800);
    all.put("again", new ArrayList<>(List.of(new Node("again"))));
    return all;
  }

  static SecurityContextImpl context(String user) {
    List<SimpleGrantedAuthority> roles = new ArrayList<>(List.of(new SimpleGrantedAuthority("ROLE_USER")));
    return new SecurityContextImpl(new UsernamePasswordAuthenticationToken(new User(user, "hash of a password", new HashSet<>(roles)), roles));
  }

  static class Node implements Serializable { private static final long serialVersionUID = 1; String name; Node(String name) { this.name = name; } }
}
