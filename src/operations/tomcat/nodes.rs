//! The Tomcats of a command, and their applications.

use tokio::task::JoinSet;

use crate::context::{Context, variable};
use crate::failure::Failure;
use crate::jmx::{ClientOptions, ManagerUrl, Node, NodeError, ServedApp, Trust};
use crate::options::filter::{app_names, similar_app};
use crate::options::managers::ManagerArgs;
use crate::session::{Filter, UnknownApp};
use crate::ui::plural;

/// A node and its applications.
#[derive(Clone)]
pub struct TomcatNode {
    pub node: Node,
    pub server: Option<String>,
    /// Sorted by name, and restricted to --app.
    pub served: Vec<ServedApp>,
}

/// The answers of the nodes.
#[derive(Clone)]
pub struct TomcatNodes {
    pub nodes: Vec<TomcatNode>,
    /// Errors of the nodes that did not answer.
    pub unreachable: Vec<NodeError>,
}

impl ManagerArgs {
    /// Tells whether no Manager was given.
    pub fn is_empty(&self) -> bool {
        self.managers.is_empty() && self.managers_file.is_none()
    }

    /// Queries the applications of all nodes concurrently; `apps` restricts them, unless it is empty. Prints warnings
    /// about nodes that do not answer.
    ///
    /// # Errors
    /// Usage error; the error of the first node if none answers.
    pub async fn ask(&self, cx: &Context, apps: &[String]) -> Result<TomcatNodes, Failure> {
        let mut asking = JoinSet::new();
        for (at, node) in self.nodes(cx)?.into_iter().enumerate() {
            asking.spawn(async move {
                let server = node.server().await?;
                Ok::<_, NodeError>((at, TomcatNode { server, served: node.applications().await?, node }))
            });
        }
        let (mut nodes, mut unreachable) = (Vec::new(), Vec::new());
        for answer in asking.join_all().await {
            match answer {
                Ok(asked) => nodes.push(asked),
                Err(error) => unreachable.push(error),
            }
        }
        nodes.sort_by_key(|(at, _)| *at);
        unreachable.sort_by(|a, b| a.manager.cmp(&b.manager));
        if nodes.is_empty()
            && let Some(error) = unreachable.first()
        {
            return Err(Failure::from(error.clone()));
        }
        for error in &unreachable {
            cx.ui.warn(format!("{error}."));
        }
        let mut tomcats = TomcatNodes { nodes: nodes.into_iter().map(|(_, asked)| asked).collect(), unreachable };
        tomcats.keep(apps)?;
        Ok(tomcats)
    }

    /// The same options with a single Tomcat: the one whose Manager has the URL `name`, or the only one of the given
    /// Managers with the host or host:port `name`.
    ///
    /// # Errors
    /// Usage error if there is none, or if there are several.
    pub fn only(&self, name: &str) -> Result<ManagerArgs, Failure> {
        if name.contains("://") {
            return Ok(self.with_one(name.to_owned()));
        }
        let mut places = Vec::new();
        for url in self.urls()? {
            let place = ManagerUrl::parse(&url)
                .map_err(|message| Failure::usage(message).hint("the form is https://user@host:8443/manager"))?;
            places.push((url, place));
        }
        let named: Vec<&(String, ManagerUrl)> = places.iter().filter(|(_, place)| place.is_at(name)).collect();
        match named.as_slice() {
            [(url, _)] => Ok(self.with_one(url.clone())),
            [] => {
                let known: Vec<String> = places.iter().map(|(_, place)| place.to_string()).collect();
                let failure = Failure::usage(format!("none of the given Manager applications is at `{name}`"));
                Err(if known.is_empty() {
                    failure.hint("give the URL of its Manager application: https://user@host:8443/manager")
                } else {
                    failure.hint(format!("write host or host:port of one of {}", known.join(", ")))
                })
            }
            several => {
                let shown: Vec<String> = several.iter().map(|(_, place)| place.to_string()).collect();
                Err(Failure::usage(format!("`{name}` is the host of several Tomcats"))
                    .hint(format!("write host:port of one of {}", shown.join(", "))))
            }
        }
    }

    fn with_one(&self, url: String) -> ManagerArgs {
        let mut one = self.clone();
        (one.managers, one.managers_file) = (vec![url], None);
        one
    }

    /// The URLs of the Managers, including those in the file.
    fn urls(&self) -> Result<Vec<String>, Failure> {
        let mut urls = self.managers.clone();
        if let Some(file) = &self.managers_file {
            let shown = file.display();
            let text = std::fs::read_to_string(file).map_err(|e| {
                Failure::usage(format!("cannot read the URLs of Manager applications in `{shown}`: {e}"))
            })?;
            let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
            urls.extend(lines.map(str::to_owned));
        }
        Ok(urls)
    }

    fn nodes(&self, cx: &Context) -> Result<Vec<Node>, Failure> {
        let urls = self.urls()?;
        if urls.is_empty() {
            return Err(Failure::usage("no URL of a Manager application was given").hint(
                "use --manager https://user@host:8443/manager once per Tomcat, --managers-file FILE, or TOMCAT_SESSIONS_MANAGER",
            ));
        }
        let password = match &self.manager_password_file {
            Some(file) => Some(cx.password_in(file)?),
            None => variable("TOMCAT_SESSIONS_MANAGER_PASSWORD").map(Into::into),
        };
        let trust = match &self.manager_ca {
            _ if self.manager_insecure => Trust::AnyCertificate,
            Some(file) => Trust::File(file.clone()),
            None => Trust::System,
        };
        let options = ClientOptions { trust, timeout: self.manager_timeout, log: cx.requests.clone() };
        if self.manager_insecure {
            cx.ui.warn("The certificates of the Manager applications are not checked: an attacker on the network can read the password.");
        }
        let mut nodes: Vec<Node> = Vec::new();
        for url in urls {
            let mut place = ManagerUrl::parse(&url)
                .map_err(|message| Failure::usage(message).hint("the form is https://user@host:8443/manager"))?;
            if password.is_some() {
                place.password.clone_from(&password);
            }
            if place.user.is_none() {
                place.user.clone_from(&self.manager_user);
            }
            if place.password.is_some() && place.user.is_none() {
                return Err(Failure::usage(format!("there is a password for {}, but no user", place))
                    .hint("use --manager-user NAME, or put the user into the URL: https://user@host:8443/manager"));
            }
            if place.is_plain_http() && place.password.is_some() {
                cx.ui.warn(format!("The password is sent to {} unencrypted.", place));
            }
            if nodes.iter().any(|node| node.manager() == place.to_string()) {
                continue;
            }
            nodes.push(Node::new(place, &options).map_err(Failure::usage)?);
        }
        Ok(nodes)
    }
}

impl TomcatNodes {
    /// Every application of every node.
    pub fn served(&self) -> impl Iterator<Item = (&TomcatNode, &ServedApp)> {
        self.nodes.iter().flat_map(|asked| asked.served.iter().map(move |served| (asked, served)))
    }

    /// Removes all applications for which `wanted` returns false.
    pub fn keep_only(&mut self, wanted: impl Fn(&str) -> bool) {
        for asked in &mut self.nodes {
            asked.served.retain(|served| wanted(&served.app));
        }
    }

    /// Removes all applications that do not match `patterns`, by the rules of `--app`.
    fn keep(&mut self, patterns: &[String]) -> Result<(), Failure> {
        if patterns.is_empty() {
            return Ok(());
        }
        let mut existing: Vec<Option<String>> = self.served().map(|(_, served)| Some(served.app.clone())).collect();
        existing.sort();
        existing.dedup();
        let mut chosen: Vec<Option<String>> = Vec::new();
        for pattern in patterns.iter().flat_map(|text| app_names(text, &existing)) {
            match Filter::resolve_app(pattern, &existing) {
                Ok(found) => chosen.extend(found),
                Err(UnknownApp::None) => {
                    let failure = Failure::failed(format!("none of the Tomcats that answered serves `{pattern}`"));
                    let failure = match similar_app(pattern, &existing) {
                        Some(app) => failure.hint(format!("did you mean --app {app}?")),
                        None => failure,
                    };
                    return Err(failure.hint("`tomcat-sessions tomcat status` lists their applications"));
                }
                Err(UnknownApp::Ambiguous(candidates)) => {
                    return Err(Failure::usage(format!(
                        "`--app {pattern}` is ambiguous: it matches {}",
                        plural(candidates.len() as u64, "application")
                    ))
                    .hint(format!("use one of {}", candidates.join(", "))));
                }
            }
        }
        self.keep_only(|app| chosen.iter().flatten().any(|chosen| chosen == app));
        Ok(())
    }
}
