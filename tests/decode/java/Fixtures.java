import java.io.*;
import java.lang.reflect.*;
import java.math.*;
import java.nio.charset.StandardCharsets;
import java.nio.file.*;
import java.time.*;
import java.util.*;
import java.util.concurrent.*;
import java.util.concurrent.atomic.*;

/** Writes streams of every kind into the directory given, each beside what is in it, as text. */
public class Fixtures {
  static Path dir;

  interface Writing { void to(ObjectOutputStream out) throws Exception; }

  public static void main(String[] args) throws Exception {
    dir = Path.of(args[0]);
    objects("values", values());
    objects("times", times());
    objects("collections", collections());
    objects("grammar", grammar());
    objects("security", new Object[] { Sessions.context("alice") });
    objects("longstring", new Object[] { "x".repeat(65_536), "after" });
    stream("blocks", Fixtures::blocks, "block 4\nblock 7\n\"text\"\nblock 300\nblock 1024\nblock 76\nnull\n");
    stream("externalizable1", out -> { out.useProtocolVersion(1); out.writeObject(new Outside(5)); }, "");
    annotated();
    Sessions.write();
  }

  /** One stream of these objects, and a line for each. */
  static void objects(String name, Object... objects) throws Exception {
    StringBuilder text = new StringBuilder();
    for (Object o : objects) text.append(say(o)).append('\n');
    stream(name, out -> {
      for (Object o : objects) {
        if (o == RESET) out.reset(); else out.writeObject(o);
      }
    }, text.toString().replace("RESET\n", ""));
  }

  static void stream(String name, Writing writing, String text) throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) { writing.to(out); }
    Files.write(dir.resolve(name + ".ser"), bytes.toByteArray());
    Files.writeString(dir.resolve(name + ".txt"), text);
  }

  static final Object RESET = new Object() { public String toString() { return "RESET"; } };

  static Object[] values() throws Exception {
    return new Object[] {
      "", "plain", "nul\0 grün € \uD83D\uDE00 lone \uD800 \uDC00 tab\t\"\\", true, false, (byte) -1, 'A', '\uD800', (short) -300, 42, -1, Long.MIN_VALUE,
      1.5f, Float.NaN, -0.0, Double.MAX_VALUE, null,
      new UUID(0x0123456789abcdefL, 0xfedcba9876543210L), BigInteger.ZERO, BigInteger.TWO.pow(200).negate(), new BigInteger("1000000000"),
      new BigDecimal("123.4500"), new BigDecimal("-1E+30"), new BigDecimal("0.0000001"), new BigDecimal("12345678901234567890.5"),
      new AtomicInteger(7), new AtomicLong(-8), new AtomicBoolean(true),
      Locale.GERMANY, new Locale("", "US"), Currency.getInstance("EUR"), new java.net.URI("https://example.org/a?b#c"), new File("a/b"),
      new byte[] { 1, 2, 3 }, new boolean[] { true, false }, new char[] { 'a', '\uD800' }, new short[] { -1 }, new int[] { 1, -2 },
      new long[] { 1L << 40 }, new float[] { 2.5f }, new double[] { Math.PI }, new String[] { "a", null }, new int[][] { { 1 }, {} , null },
      new Object[0], Color.GREEN, Color.RED, RoundingMode.UP, String.class, int.class, int[].class, Color.class,
    };
  }

  static Object[] times() {
    LocalDate day = LocalDate.of(2024, 2, 29);
    LocalDateTime at = day.atTime(13, 5, 9, 120_000_000);
    return new Object[] {
      new Date(0), new Date(1700000000123L), new Date(-1), new java.sql.Timestamp(1700000000123L), new java.sql.Date(1700000000000L),
      Duration.ZERO, Duration.ofSeconds(5400, 5), Duration.ofMillis(-1500), Duration.ofMillis(-500), Duration.ofHours(48),
      Instant.EPOCH, Instant.ofEpochSecond(1700000000L, 1000), day, LocalDate.of(-5, 1, 2), LocalDate.of(12345, 1, 2),
      LocalTime.MIDNIGHT, LocalTime.of(7, 30), LocalTime.of(7, 30, 5), LocalTime.of(7, 0, 0, 1), at,
      at.atZone(ZoneId.of("Europe/Berlin")), at.atZone(ZoneOffset.ofHours(-3)), at.atOffset(ZoneOffset.ofHoursMinutesSeconds(1, 2, 3)),
      OffsetTime.of(1, 2, 0, 0, ZoneOffset.UTC), ZoneId.of("Asia/Kolkata"), ZoneOffset.ofHours(2), Year.of(2024), YearMonth.of(2024, 7),
      MonthDay.of(12, 31), Period.of(1, -2, 3), Period.ZERO,
    };
  }

  static Object[] collections() {
    Map<Object, Object> hash = new HashMap<>(Map.of("a", 1));
    hash.put(null, List.of(2, "x"));
    Map<String, Integer> linked = new LinkedHashMap<>();
    for (int i = 0; i < 5; i++) linked.put("k" + i, i);
    Properties properties = new Properties();
    properties.setProperty("p", "q");
    EnumMap<Color, String> enums = new EnumMap<>(Color.class);
    enums.put(Color.GREEN, "g");
    Vector<Object> vector = new Vector<>(List.of("v", 1));
    Stack<Object> stack = new Stack<>();
    stack.push("s");
    Set<Object> fromMap = Collections.newSetFromMap(new ConcurrentHashMap<>());
    fromMap.add("m");
    Set<Object> keys = ConcurrentHashMap.newKeySet();
    keys.add("key");
    return new Object[] {
      new ArrayList<>(Arrays.asList("a", null, 3)), new ArrayList<>(), new LinkedList<>(List.of(1, 2)), new ArrayDeque<>(List.of("d")),
      new PriorityQueue<>(List.of(3, 1, 2)), vector, stack, new CopyOnWriteArrayList<>(List.of("c")), Arrays.asList(1, 2),
      new HashSet<>(List.of("h", 5)), new LinkedHashSet<>(List.of("y", "x")), new TreeSet<>(List.of("b", "a")),
      new TreeSet<>(Comparator.reverseOrder()), new CopyOnWriteArraySet<>(List.of(1)), EnumSet.of(Color.RED, Color.GREEN), EnumSet.noneOf(Color.class),
      new ConcurrentSkipListSet<>(List.of(2, 1)), fromMap, keys, new ConcurrentLinkedQueue<>(List.of("q")), new ConcurrentLinkedDeque<>(List.of("q")),
      new LinkedBlockingQueue<>(List.of("q")), new LinkedBlockingDeque<>(List.of("q")),
      hash, linked, new TreeMap<>(linked), new Hashtable<>(linked), properties, new IdentityHashMap<>(Map.of("i", 1)), enums,
      new ConcurrentHashMap<>(linked), new ConcurrentSkipListMap<>(linked),
      List.of(), List.of(1), List.of(1, 2), List.of(1, 2, 3), Set.of(), Set.of("one"), Map.of(), Map.of("k", "v"),
      Arrays.asList("a", null).stream().toList(),
      Collections.emptyList(), Collections.emptySet(), Collections.emptyMap(), Collections.singletonList("s"), Collections.singleton("t"),
      Collections.singletonMap("k", "v"), Collections.unmodifiableList(new ArrayList<>(List.of(1))), Collections.unmodifiableSet(new HashSet<>(List.of(1))),
      Collections.unmodifiableMap(linked), Collections.synchronizedList(new ArrayList<>(List.of(1))), Collections.synchronizedMap(new HashMap<>(Map.of("k", 1))),
      Collections.unmodifiableCollection(new ArrayDeque<>(List.of(9))), new AtomicReference<>("ref"), new Child(List.of("added")), new ArrayList<>(List.of()) {{ add("anonymous"); }}.clone(),
    };
  }

  static Object[] grammar() throws Exception {
    Node a = new Node("a"), b = new Node("b");
    a.next = b;
    b.next = a;
    Object[] self = new Object[2];
    self[1] = self;
    Object proxy = Proxy.newProxyInstance(Fixtures.class.getClassLoader(), new Class<?>[] { Runnable.class, Comparable.class }, new Handler("h"));
    String shared = "shared";
    return new Object[] {
      new Lowest(), new Empty(), new Custom(3), new Custom(0), new Outside(9), a, b, self, proxy, Body.ONE, shared, shared, List.of(shared, shared),
      RESET, shared, new Lowest(), ObjectStreamClass.lookup(Lowest.class), new Holder(),
    };
  }

  static void blocks(ObjectOutputStream out) throws Exception {
    out.writeInt(5);
    out.flush();
    out.writeUTF("utf-8");
    out.writeObject("text");
    out.write(new byte[300]);
    out.flush();
    out.write(new byte[1100]);
    out.writeObject(null);
  }

  /** Class descriptors with annotations, as RMI writes them. */
  static void annotated() throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes) {
      protected void annotateClass(Class<?> c) throws IOException { writeObject("from " + c.getSimpleName()); writeInt(1); }
      protected void annotateProxyClass(Class<?> c) throws IOException { writeObject(new Node("n")); }
    }) {
      out.writeObject(new Lowest());
      out.writeObject(grammar()[8]);
    }
    Files.write(dir.resolve("annotated.ser"), bytes.toByteArray());
    Files.writeString(dir.resolve("annotated.txt"), say(new Lowest()) + "\n" + say(grammar()[8]) + "\n");
  }

  // What the JVM says of an object.

  static String say(Object o) throws Exception { return say(o, new IdentityHashMap<>()); }

  static String say(Object o, Map<Object, Object> path) throws Exception {
    if (o == null) return "null";
    if (o instanceof String s) return quote(s);
    if (o instanceof Boolean || o instanceof Byte || o instanceof Short || o instanceof Integer || o instanceof Long)
      return o.getClass().getSimpleName().toLowerCase() + " " + o;
    if (o instanceof Character c) return "character " + (int) c;
    if (o instanceof Float f) return "float " + Integer.toHexString(Float.floatToIntBits(f));
    if (o instanceof Double d) return "double " + Long.toHexString(Double.doubleToLongBits(d));
    if (o instanceof java.sql.Date d) return "said " + Instant.ofEpochMilli(d.getTime());
    if (o instanceof Date d) return "said " + d.toInstant();
    if (o instanceof UUID || o instanceof BigInteger || o instanceof BigDecimal || o instanceof AtomicInteger || o instanceof AtomicLong
        || o instanceof AtomicBoolean || o instanceof Locale || o instanceof Currency || o instanceof java.net.URI || o instanceof File
        || o.getClass().getPackageName().equals("java.time"))
      return "said " + o;
    if (o instanceof Enum<?> e) return "enum " + e.name();
    if (o instanceof Class<?> c) return "class " + c.getName();
    if (o instanceof ObjectStreamClass c) return "class " + c.getName();
    if (o instanceof byte[] b) return "bytes " + b.length;
    if (o == RESET) return "RESET";
    if (path.put(o, o) != null) return "^";
    try {
      List<String> parts = new ArrayList<>();
      if (o.getClass().isArray()) {
        boolean primitive = o.getClass().getComponentType().isPrimitive();
        for (int i = 0; i < Array.getLength(o); i++) parts.add(say(Array.get(o, i), path));
        return parts.toString();
      }
      if (o instanceof AtomicReference<?> r) return List.of(say(r.get(), path)).toString();
      if (o.getClass() != Child.class && o instanceof Collection<?> c) {
        for (Object e : c) parts.add(say(e, path));
        return parts.toString();
      }
      if (o instanceof Map<?, ?> m) {
        for (Map.Entry<?, ?> e : m.entrySet()) parts.add(say(e.getKey(), path) + ": " + say(e.getValue(), path));
        return "{" + String.join(", ", parts) + "}";
      }
      List<Class<?>> line = new ArrayList<>();
      for (Class<?> c = o.getClass(); c != null && Serializable.class.isAssignableFrom(c); c = c.getSuperclass()) line.add(0, c);
      for (Class<?> c : line) {
        if (o instanceof Externalizable || Proxy.isProxyClass(o.getClass())) continue;
        if (c.getName().startsWith("java.util.Abs")) continue;
        for (ObjectStreamField f : ObjectStreamClass.lookup(c).getFields()) {
          if (c.getName().startsWith("java.")) { parts.add(f.getName()); continue; }
          Field field = c.getDeclaredField(f.getName());
          field.setAccessible(true);
          parts.add(f.getName() + "=" + say(field.get(o), path));
        }
      }
      if (Proxy.isProxyClass(o.getClass())) {
        List<String> names = new ArrayList<>();
        for (Class<?> i : o.getClass().getInterfaces()) names.add(i.getName());
        return "proxy of " + String.join(", ", names) + "(h=" + say(Proxy.getInvocationHandler(o), path) + ")";
      }
      return o.getClass().getName() + "(" + String.join(", ", parts) + ")";
    } finally {
      path.remove(o);
    }
  }

  static String quote(String s) {
    if (s.length() > 1000) return "long string " + s.length();
    StringBuilder out = new StringBuilder("\"");
    for (char c : s.toCharArray()) {
      if (c < 0x20 || c > 0x7e || c == '"' || c == '\\') out.append(String.format("\\u%04x", (int) c)); else out.append(c);
    }
    return out.append('"').toString();
  }

  // Classes of each kind.

  enum Color { RED, GREEN }
  enum Body { ONE { void f() {} }; void f() {} }
  static class Top implements Serializable { private static final long serialVersionUID = 1; int number = 1; String name = "top"; }
  static class Empty extends Top { private static final long serialVersionUID = 2; }
  static class Lowest extends Empty {
    private static final long serialVersionUID = 3;
    byte b = -2; char c = 'c'; double d = 0.25; float f = -1; int i = 3; long j = 4; short s = 5; boolean z = true; int number = 2;
    int[] array = { 1 }; Object none; Color color = Color.RED;
  }
  static class Node implements Serializable { private static final long serialVersionUID = 4; String name; Node next; Node(String name) { this.name = name; } }
  static class Handler implements InvocationHandler, Serializable {
    private static final long serialVersionUID = 5; String name;
    Handler(String name) { this.name = name; }
    public Object invoke(Object p, Method m, Object[] a) { return null; }
  }
  static class Custom extends Top {
    private static final long serialVersionUID = 6; int n;
    Custom(int n) { this.n = n; }
    private void writeObject(ObjectOutputStream out) throws IOException {
      out.defaultWriteObject();
      out.writeInt(n);
      for (int i = 0; i < n; i++) { out.writeObject("o" + i); out.write(new byte[200 * i]); }
    }
  }
  static class Holder implements Serializable { private static final long serialVersionUID = 7; Object outside = new Outside(2), custom = new Custom(1), list = new ArrayList<>(List.of(new Node("in"))); }
  public static class Outside implements Externalizable {
    private static final long serialVersionUID = 8; int n;
    public Outside() {}
    Outside(int n) { this.n = n; }
    public void writeExternal(ObjectOutput out) throws IOException { out.writeInt(n); out.writeObject("inside"); }
    public void readExternal(ObjectInput in) {}
  }
  static class Child extends ArrayList<Object> { private static final long serialVersionUID = 9; String own = "own"; Child(List<?> l) { super(l); } }
}
