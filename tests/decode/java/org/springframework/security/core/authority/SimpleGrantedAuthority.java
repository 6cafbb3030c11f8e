package org.springframework.security.core.authority;

/** The serialized shape of Spring Security's class of this name, and nothing else of it. */
public class SimpleGrantedAuthority implements java.io.Serializable {
  private static final long serialVersionUID = 620L;
  private String role;
  public SimpleGrantedAuthority(String role) { this.role = role; }
  public int hashCode() { return role.hashCode(); }
}
