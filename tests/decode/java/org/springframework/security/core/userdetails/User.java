package org.springframework.security.core.userdetails;

/** The serialized shape of Spring Security's class of this name, and nothing else of it. */
public class User implements java.io.Serializable {
  private static final long serialVersionUID = 620L;
  private boolean accountNonExpired = true, accountNonLocked = true, credentialsNonExpired = true, enabled = true;
  private java.util.Set<?> authorities;
  private String password, username;
  public User(String username, String password, java.util.Set<?> authorities) {
    this.username = username;
    this.password = password;
    this.authorities = authorities;
  }
}
