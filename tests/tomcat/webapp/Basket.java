package sessionmaker;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/** A class of the application's own: its instances can be read only where the webapp's classes are. */
public class Basket implements Serializable {
    private static final long serialVersionUID = 20240601L;

    private final String customer;
    private final List<String> items = new ArrayList<>();
    private double total;
    private transient String neverStored = "not in the session data";

    public Basket(String customer) {
        this.customer = customer;
    }

    public void add(String item, double price) {
        items.add(item);
        total += price;
    }

    @Override
    public String toString() {
        return customer + " " + items + " " + total + (neverStored == null ? " restored" : " new");
    }
}
