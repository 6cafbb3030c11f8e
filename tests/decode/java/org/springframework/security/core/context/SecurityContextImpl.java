package org.springframework.security.core.context;

/** The serialized shape of Spring Security's class of this name, and nothing else of it. */
public class SecurityContextImpl implements java.io.Serializable {
  private static final long serialVersionUID = 620L;
  private Object authentication;
  public SecurityContextImpl(Object authentication) { this.authentication = authentication; }
}
