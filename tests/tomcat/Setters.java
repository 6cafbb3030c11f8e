import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.TreeSet;

/** Prints the attributes that Tomcat can set on classes: their setters of one simple value. */
public class Setters {
    public static void main(String[] classes) throws Exception {
        for (String name : classes) {
            Class<?> type;
            try {
                type = Class.forName("org.apache.catalina." + name);
            } catch (ClassNotFoundException e) {
                continue;
            }
            TreeSet<String> found = new TreeSet<>();
            for (Method method : type.getMethods()) {
                String setter = method.getName();
                if (setter.startsWith("set") && setter.length() > 3 && method.getParameterCount() == 1
                        && !Modifier.isStatic(method.getModifiers())) {
                    Class<?> value = method.getParameterTypes()[0];
                    if (value == String.class || value.isPrimitive()) {
                        found.add(Character.toLowerCase(setter.charAt(3)) + setter.substring(4));
                    }
                }
            }
            System.out.println(type.getSimpleName() + " " + String.join(" ", found));
        }
    }
}
