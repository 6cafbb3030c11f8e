package org.springframework.security.authentication;

/** The serialized shape of Spring Security's class of this name, and nothing else of it. */
public abstract class AbstractAuthenticationToken implements java.io.Serializable {
  private static final long serialVersionUID = -3194696462184782834L;
  private boolean authenticated = true;
  private java.util.Collection<?> authorities;
  private Object details;
  AbstractAuthenticationToken(java.util.Collection<?> authorities) { this.authorities = authorities; }
}
