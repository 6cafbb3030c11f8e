//! Many users who arrive at the same time at two Tomcats with an empty table: no save ends with a deadlock, and the
//! other Tomcat knows every session.

use std::thread;

use crate::tomcat::Tomcat;

const THREADS: usize = 24;
const EACH: usize = 20;

/// The sessions that were created at one node and requested at the other.
#[derive(Debug, PartialEq, Eq)]
pub struct Outcome {
    /// Sessions that the other node did not know.
    pub lost: usize,
    /// Lines about failed saves in both logs; up to Tomcat 9, they mention the deadlock.
    pub failed_saves: usize,
}

/// Creates new sessions in many threads, alternately at both nodes.
pub fn arrive_at_once(nodes: [&Tomcat; 2]) -> Outcome {
    let lost = thread::scope(|scope| {
        let users: Vec<_> = (0..THREADS)
            .map(|i| {
                let (here, there) = (nodes[i % 2], nodes[(i + 1) % 2]);
                scope.spawn(move || {
                    let made = (0..EACH).map(|_| here.get("/create?user=alice", None));
                    made.filter(|answer| there.get("/read", Some(answer.id())).status != 200).count()
                })
            })
            .collect();
        users.into_iter().map(|user| user.join().unwrap()).sum()
    });
    let failed = |line: &&str| line.to_lowercase().contains("deadlock") || line.contains("Saving session");
    Outcome { lost, failed_saves: nodes.iter().map(|node| node.log().lines().filter(failed).count()).sum() }
}
