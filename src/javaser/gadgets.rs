//! Classes of known deserialization gadget chains, by name alone. The list is data:
//! `gadgets.txt`, where its sources stand.

use std::collections::HashMap;
use std::sync::LazyLock;

/// Exact names, and beginnings of names, each with its chain.
struct Gadgets {
    names: HashMap<&'static str, &'static str>,
    beginnings: Vec<(&'static str, &'static str)>,
}

static GADGETS: LazyLock<Gadgets> = LazyLock::new(|| {
    let mut gadgets = Gadgets { names: HashMap::new(), beginnings: Vec::new() };
    let lines = include_str!("gadgets.txt").lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    for (name, chain) in lines.filter_map(|line| line.split_once(' ')) {
        match name.strip_suffix('*') {
            Some(beginning) => gadgets.beginnings.push((beginning, chain.trim())),
            None => drop(gadgets.names.insert(name, chain.trim())),
        }
    }
    gadgets
});

/// The chain that a class is known from; of an array, its elements' class.
pub fn gadget(class: &str) -> Option<&'static str> {
    let element = class.trim_start_matches('[');
    let name = match element.strip_prefix('L').and_then(|rest| rest.strip_suffix(';')) {
        Some(name) if element.len() < class.len() => name,
        _ => class,
    };
    let beginning = || GADGETS.beginnings.iter().find(|(beginning, _)| name.starts_with(beginning));
    GADGETS.names.get(name).copied().or_else(|| beginning().map(|(_, chain)| *chain))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_family_is_known_and_what_sessions_hold_is_not() {
        for class in [
            "org.apache.commons.collections.functors.InvokerTransformer",
            "org.apache.commons.collections4.functors.InstantiateTransformer",
            "org.apache.commons.beanutils.BeanComparator",
            "com.sun.org.apache.xalan.internal.xsltc.trax.TemplatesImpl",
            "[Lorg.apache.commons.collections.functors.ConstantTransformer;",
            "sun.reflect.annotation.AnnotationInvocationHandler",
            "bsh.XThis",
            "org.springframework.aop.framework.JdkDynamicAopProxy",
        ] {
            assert!(gadget(class).is_some(), "{class}");
        }
        for class in [
            "java.util.HashMap",
            "java.net.URL",
            "org.springframework.security.core.context.SecurityContextImpl",
            "bshop.Cart",
            "[B",
            "Lbsh.XThis;",
        ] {
            assert_eq!(gadget(class), None, "{class}");
        }
    }

    #[test]
    fn every_line_is_a_class_and_its_chain() {
        let lines: Vec<&str> =
            include_str!("gadgets.txt").lines().filter(|line| !line.is_empty() && !line.starts_with('#')).collect();
        assert_eq!(lines.len(), GADGETS.names.len() + GADGETS.beginnings.len());
        assert!(lines.iter().all(|line| {
            line.split_once(' ').is_some_and(|(name, chain)| name.contains('.') && !chain.trim().is_empty())
        }));
    }
}
