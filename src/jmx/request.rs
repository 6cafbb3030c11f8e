//! Requests to the JMX proxy, as the parameters of its URL (`org.apache.catalina.manager.JMXProxyServlet.doGet`).

/// One request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum JmxRequest<'a> {
    /// All beans whose names match a pattern, with their attributes.
    Query { pattern: &'a str },
    /// One attribute.
    Get { name: &'a str, attribute: &'a str },
    /// Sets an attribute.
    Set { name: &'a str, attribute: &'a str, value: &'a str },
    /// An operation.
    Invoke { name: &'a str, operation: &'a str, arguments: &'a [&'a str] },
}

impl JmxRequest<'_> {
    /// The kind of request, without names and arguments.
    pub fn kind(&self) -> String {
        match self {
            JmxRequest::Query { .. } => "Manager: query".to_owned(),
            JmxRequest::Get { attribute, .. } => format!("Manager: get {attribute}"),
            JmxRequest::Set { attribute, .. } => format!("Manager: set {attribute}"),
            JmxRequest::Invoke { operation, .. } => format!("Manager: invoke {operation}"),
        }
    }

    /// The URL's parameters. The proxy splits arguments at commas and has no escape for them, so an argument with a
    /// comma cannot be sent: `None`.
    pub fn parameters(&self) -> Option<Vec<(&'static str, String)>> {
        let one = |name, value: &str| (name, value.to_owned());
        Some(match self {
            JmxRequest::Query { pattern } => vec![one("qry", pattern)],
            JmxRequest::Get { name, attribute } => vec![one("get", name), one("att", attribute)],
            JmxRequest::Set { name, attribute, value } => {
                vec![one("set", name), one("att", attribute), one("val", value)]
            }
            JmxRequest::Invoke { name, operation, arguments } => {
                if arguments.iter().any(|argument| argument.is_empty() || argument.contains(',')) {
                    return None;
                }
                let mut parameters = vec![one("invoke", name), one("op", operation)];
                if !arguments.is_empty() {
                    parameters.push(("ps", arguments.join(",")));
                }
                parameters
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_as_parameters() {
        let name = "Catalina:type=Manager,host=localhost,context=/demo##2";
        let of = |ask: JmxRequest| {
            ask.parameters().map(|all| all.into_iter().map(|(n, v)| format!("{n}={v}")).collect::<Vec<_>>().join("&"))
        };
        let set = JmxRequest::Set { name, attribute: "maxIdleSwap", value: "-1" };
        assert_eq!(of(set), Some(format!("set={name}&att=maxIdleSwap&val=-1")));
        let invoke = |arguments| JmxRequest::Invoke { name, operation: "isLoaded", arguments };
        assert_eq!(of(invoke(&["0A1B.jvm1"])), Some(format!("invoke={name}&op=isLoaded&ps=0A1B.jvm1")));
        assert_eq!(of(invoke(&[])), Some(format!("invoke={name}&op=isLoaded")));
        assert_eq!(of(invoke(&["0A,1B"])), None);
        assert_eq!(of(invoke(&[""])), None);
    }
}
