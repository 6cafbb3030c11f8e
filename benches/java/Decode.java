import java.io.*;
import java.nio.ByteBuffer;
import java.nio.file.*;
import java.util.*;

/**
 * Writes sessions of about 2 KB as Tomcat 10.1 does, or reads them all again and again with
 * ObjectInputStream: Decode write FILE, Decode read FILE SECONDS. Each session has its length before.
 */
public class Decode {
  static class Cart implements Serializable {
    private static final long serialVersionUID = 1;
    String owner;
    List<String> items;
    int total;
    Cart(String owner, List<String> items, int total) { this.owner = owner; this.items = items; this.total = total; }
  }

  public static void main(String[] args) throws Exception {
    Path file = Path.of(args[1]);
    if (args[0].equals("write")) write(file); else read(file, Integer.parseInt(args[2]));
  }

  static void write(Path file) throws Exception {
    try (DataOutputStream all = new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file)))) {
      for (int i = 0; i < 2_000; i++) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) { session(out, i); }
        all.writeInt(bytes.size());
        bytes.writeTo(all);
      }
    }
  }

  static void session(ObjectOutputStream out, int i) throws IOException {
    long at = 1_700_000_000_000L + i;
    Map<String, Object> attributes = new LinkedHashMap<>();
    attributes.put("user", "user" + i);
    attributes.put("locale", Locale.GERMANY);
    attributes.put("loginTime", new Date(at));
    attributes.put("visits", i);
    attributes.put("correlation", new UUID(i, at));
    attributes.put("cart", new Cart("user" + i, new ArrayList<>(List.of("book " + i, "pen", "grüße")), i));
    Map<String, Object> preferences = new HashMap<>();
    for (int n = 0; n < 12; n++) preferences.put("preference." + n, n % 3 == 0 ? (Object) n : "value of preference " + n);
    attributes.put("preferences", preferences);
    List<Object> history = new ArrayList<>();
    for (int n = 0; n < 16; n++) history.add("/shop/catalogue/page" + (i + n) + ".html");
    attributes.put("history", history);
    for (Object o : new Object[] { at, at + 1, 1800, false, true, at + 2, String.format("%032X.jvm1", i), null, null, null, null, attributes.size() })
      out.writeObject(o);
    for (Map.Entry<String, Object> e : attributes.entrySet()) {
      out.writeObject(e.getKey());
      out.writeObject(e.getValue());
    }
  }

  static void read(Path file, int seconds) throws Exception {
    ByteBuffer all = ByteBuffer.wrap(Files.readAllBytes(file));
    List<byte[]> sessions = new ArrayList<>();
    while (all.hasRemaining()) {
      byte[] session = new byte[all.getInt()];
      all.get(session);
      sessions.add(session);
    }
    round(sessions, seconds); // the compiler of the JVM has seen it then
    System.out.println(round(sessions, seconds));
  }

  /** Bytes a second, of the best fifth of the time, as benches/decode.rs counts them. */
  static long round(List<byte[]> sessions, int seconds) throws Exception {
    long until = System.nanoTime() + seconds * 1_000_000_000L, bytes = 0;
    for (byte[] session : sessions) bytes += session.length;
    List<Long> rounds = new ArrayList<>();
    while (System.nanoTime() < until) {
      long since = System.nanoTime();
      for (byte[] session : sessions) {
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(session))) {
          int count = 0;
          for (int n = 0; n < 12; n++) if (in.readObject() instanceof Integer i) count = i;
          for (int n = 0; n < 2 * count; n++) in.readObject();
        }
      }
      rounds.add(System.nanoTime() - since);
    }
    Collections.sort(rounds);
    List<Long> best = rounds.subList(0, (rounds.size() + 4) / 5);
    return (long) (bytes * best.size() / (best.stream().mapToLong(Long::longValue).sum() / 1e9));
  }
}
