package org.springframework.security.authentication;

/** The serialized shape of Spring Security's class of this name, and nothing else of it. */
public class UsernamePasswordAuthenticationToken extends AbstractAuthenticationToken {
  private static final long serialVersionUID = 620L;
  private Object principal, credentials;
  public UsernamePasswordAuthenticationToken(Object principal, java.util.Collection<?> authorities) {
    super(authorities);
    this.principal = principal;
  }
}
