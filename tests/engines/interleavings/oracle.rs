//! Which end states are right, given what Tomcat did and when. Pure: it reads nothing but an [`Outcome`].
//!
//! A Tomcat's word is the truth about its session. What it wrote last is the session's newest state; after a
//! DELETE that no INSERT followed the user is logged out. Whether a DELETE of Tomcat's *found* the row says
//! on which side of our commit it was, in the live table: our transactions and its statements are atomic.
//! So no clock is needed to judge.
//!
//! **Everywhere.** A session that stands anywhere is, in all columns and all bytes, one of the states that
//! were written: by Tomcat, by the archive that is imported, or, with `--touch`, what was swapped out with
//! the clocks of its data set to its `last_access`, and nothing else changed. The session beside it, which
//! nobody uses, is where an undisturbed run puts it. The program ends with 0, or with the code that its help
//! gives to what is left over.
//!
//! **The count.** Rows of the session in the live table are conserved: what was there, and what Tomcat
//! inserted, was deleted by Tomcat (its DELETEs that found it), is still there, or was taken or brought by
//! us. What a summary calls deleted, moved or imported is exactly that.
//!
//! **`expire`, `delete`, `logout`.** What Tomcat wrote last stays unless it is itself what was to be deleted: a save
//! that brought an expired session to life stays, and one after the last look of `logout`.
//!
//! **`--backup`.** What we deleted is in the archive, in the state in which it was deleted, and a run that was not
//! killed archives nothing else: what a Tomcat deleted or kept is not in it. A run that was killed may have archived a
//! batch that it did not delete.
//!
//! **`swap-out`.** Saved after a request: the live table has that state. Where Tomcat's DELETE found the
//! row, no copy stands in the target, since it would come to life after a logout; where it did not, the
//! session had been moved before, and its old state may (and, until then, must) stand in the target. Saved
//! without a request: it may be moved in the new state. Logged out with the row found: nowhere. Not found:
//! in the target, for it was moved before, and no table tells that its user is gone. After a kill between the
//! copy and the deletion nobody knows of a session that is gone from the live table whether it was moved or
//! logged out: its copy may stay where the next run names it.
//!
//! **`swap-in`.** What Tomcat wrote to the live table is what stands there, whatever stood in the target. The
//! copy is gone, or it stays and the run names it and ends with 3. Logged out with the row found: nowhere; after
//! a kill, a copy that the next run names and does not bring back may stay.
//!
//! **`import`.** `newer`: never an older state over a newer one. `skip`: what stood there, or was saved
//! there, stays. `replace`: either. A logout before the import's write brings the archive's state, which is
//! what importing is; after it nothing.
//!
//! **`migrate`, `export`.** They give the source as of a moment of their run, and only what they looked at
//! can be known. A *look* is a statement to the source that was sent after Tomcat was done and answered with
//! the session (after a logout: one that had answered with it before, or asked for it, or asked the server
//! whether the table had changed). With such a look the target has what Tomcat wrote, or the
//! summary says of the session that it differs: a count of `missing`, `different`, `extra` or `changed`, or
//! exit 4; after two looks at the session by its key alone, only exit 4 will do, for then nothing changed any
//! more. Without a look the target has the state before or the one after. It lacks a session that lives
//! only where every look fell between Tomcat's DELETE and its INSERT; and after a look outside, the run says
//! so by its exit status.
//!
//! **Two runs of ours.** The second one ends with 12, or both together leave what one after the other
//! leaves: each session in exactly one place, in its newest state. Where the second imports a later state, the
//! live table has it, and an older copy may stand beside.
//!
//! **`verify`.** What all looks found different is a difference, and exit 4. What only some of them found may
//! be called changed. What differed at every look is never called the same.

use tomcat_sessions::javaser::touch;
use tomcat_sessions::session::Session;

use super::command::{Command, Places, States};
use super::schedule::{Event, Outcome};
use super::tomcat::{Action, Did};

/// Judges the end of a run; why it is wrong, otherwise.
pub fn judge(command: Command, event: Event, states: &States, outcome: &Outcome) -> Result<(), String> {
    let case = Case { command, event, states, outcome, history: History::of(outcome) };
    case.states()?;
    if let Event::Run(second) | Event::RunUnlocked(second) = event {
        return case.two_runs(second);
    }
    match command {
        command if command.expires() => case.expire(),
        command if command.logs_out() => case.logout(),
        command if command.deletes() => case.delete(),
        command if command.swaps_out() => case.swap_out(),
        command if command.swaps_in() => case.swap_in(),
        command if command.imports() => case.import(),
        Command::Export | Command::ExportStill => case.export(),
        Command::Verify => case.verify(),
        _ => case.migrate(),
    }?;
    case.others()
}

/// What Tomcat did, in sum.
struct History {
    /// Rows that its DELETEs found.
    found: u64,
    inserted: u64,
    /// The steps that had passed when it began, and when it was done; `None` where it did nothing.
    span: Option<(usize, usize)>,
    /// Between which its session was absent.
    gap: Option<(usize, usize)>,
}

impl History {
    fn of(outcome: &Outcome) -> History {
        let told = &outcome.told;
        let number = |did: Did| told.iter().filter(|told| told.did == did).count() as u64;
        let span = told.first().zip(told.last()).map(|(first, last)| (first.began, last.done));
        let gap = told.iter().find(|told| matches!(told.did, Did::Deleted { .. })).map(|deleted| {
            let inserted = told.iter().rfind(|told| told.did == Did::Inserted);
            (deleted.began, inserted.map_or(usize::MAX, |inserted| inserted.done))
        });
        History { found: number(Did::Deleted { found: true }), inserted: number(Did::Inserted), span, gap }
    }
}

struct Case<'a> {
    command: Command,
    event: Event,
    states: &'a States,
    outcome: &'a Outcome,
    history: History,
}

type Judged = Result<(), String>;

impl Case<'_> {
    fn action(&self) -> Option<Action> {
        // A step that was not reached was not disturbed.
        self.event.action().filter(|_| !self.outcome.told.is_empty())
    }

    fn killed(&self) -> bool {
        matches!(self.event, Event::Kill(_)) && self.outcome.held.0
    }

    /// What Tomcat wrote last to the session in question; `None` where it wrote nothing or logged out.
    fn written(&self) -> Option<&Session> {
        match self.action() {
            Some(action) if action.saves() => Some(self.states.written(action)),
            _ => None,
        }
    }

    fn logged_out(&self) -> bool {
        self.action().is_some_and(Action::logs_out)
    }

    /// Whether the run names the session in question.
    fn named(&self) -> bool {
        let id = &self.states.first.meta.key.id;
        let said = format!("{} {}", self.outcome.result, self.outcome.stderr);
        said.contains(id.as_str()) || said.contains(&id[..8])
    }

    fn count(&self, path: &str) -> u64 {
        self.outcome.result.pointer(path).and_then(serde_json::Value::as_u64).unwrap_or(0)
    }

    fn name(&self, session: Option<&Session>) -> &'static str {
        let Some(session) = session else { return "nothing" };
        let States { first, saved, ahead, saved_again, archived, created, bystander } = self.states;
        let known = [
            (first, "the first state"),
            (saved, "the saved state"),
            (ahead, "the state saved ahead"),
            (saved_again, "the state saved again"),
            (archived, "the archived state"),
            (created, "the created session"),
            (bystander, "the bystander"),
        ];
        if let Some((_, name)) = known.into_iter().find(|(known, _)| *known == session) {
            return name;
        }
        let touched = [first, bystander].into_iter().any(|known| is_touched(known, session));
        if touched { "the touched state" } else { "a state that nobody wrote" }
    }

    fn show(&self, places: &Places) -> String {
        format!("live {}, beside {}", self.name(places.live.as_ref()), self.name(places.beside.as_ref()))
    }

    fn wrong(&self, why: &str) -> Judged {
        Err(format!("{why} ({})", self.show(&self.outcome.session)))
    }

    fn code(&self, allowed: &[i32]) -> Judged {
        if self.outcome.code.is_some_and(|code| allowed.contains(&code)) {
            return Ok(());
        }
        let stderr = self.outcome.stderr.trim();
        self.wrong(&format!("exit {:?}, where {allowed:?} is right: {stderr}", self.outcome.code))
    }

    /// Where the session may be, by the names of the states.
    fn is_in(&self, allowed: &[(&'static str, &'static str)]) -> Judged {
        let Places { live, beside } = &self.outcome.session;
        let is = (self.name(live.as_ref()), self.name(beside.as_ref()));
        if allowed.contains(&is) { Ok(()) } else { self.wrong(&format!("right would be (live, beside) {allowed:?}")) }
    }

    /// Whether every state was written by somebody.
    fn states(&self) -> Judged {
        for places in [&self.outcome.session, &self.outcome.created, &self.outcome.bystander] {
            for session in [&places.live, &places.beside].into_iter().flatten() {
                if self.name(Some(session)) == "a state that nobody wrote" {
                    return self.wrong(&format!("a state that nobody wrote: {:?}", session.meta));
                }
            }
        }
        Ok(())
    }

    /// Whether the sessions beside it are where they belong.
    fn others(&self) -> Judged {
        let bystander = &self.outcome.bystander;
        let is = (self.name(bystander.live.as_ref()), self.name(bystander.beside.as_ref()));
        let (here, nowhere) = ("the bystander", "nothing");
        let right = match self.command {
            Command::ExpireBackup => is == (nowhere, here),
            Command::Expire => is == (nowhere, nowhere),
            command if command.deletes() => is == (here, nowhere),
            command if command.swaps_out() => is == (nowhere, here),
            command if command.touches() => {
                is == ("the touched state", nowhere) || self.killed() && is == ("the touched state", here)
            }
            command if command.swaps_in() => is == (here, nowhere),
            _ => is == (here, here),
        };
        if !right {
            return self.wrong(&format!("the session that nobody used is {}", self.show(bystander)));
        }
        let created = self.name(self.outcome.created.live.as_ref());
        if self.action() == Some(Action::Create) && created != "the created session" {
            return self.wrong(&format!("Tomcat's new session is {created}"));
        }
        Ok(())
    }

    /// Rows of the session that we took from the live table (or brought there: negative).
    fn taken(&self, before: i64) -> i64 {
        let signed = |n: u64| i64::try_from(n).unwrap();
        // What Tomcat created is another session, and its DELETE finds nothing.
        let created = u64::from(self.action() == Some(Action::Create));
        let there = i64::from(self.outcome.session.live.is_some());
        before + signed(self.history.inserted - created) - signed(self.history.found) - there
    }

    /// Holds the summary's number against the rows; `others` are those of sessions beside it.
    fn summary(&self, path: &str, taken: i64, others: i64) -> Judged {
        let said = i64::try_from(self.count(path)).unwrap();
        if self.killed() || said == taken + others {
            return Ok(());
        }
        self.wrong(&format!("the summary says {said} for {path}, and it was {}", taken + others))
    }

    fn two_runs(&self, second: Command) -> Judged {
        let Some((code, said)) = &self.outcome.other else { return Ok(()) };
        self.code(&[0, 3, 12])?;
        if !matches!(code, Some(0 | 3 | 12)) {
            return self.wrong(&format!("the other run ends with {code:?}: {said}"));
        }
        let (here, there) = (|known| (known, "nothing"), |known| ("nothing", known));
        let allowed = |known: &'static str| match (self.command, second) {
            (Command::Migrate, _) => vec![(known, known)],
            (_, Command::ImportNewer) if known == "the first state" && *code == Some(0) => {
                vec![here("the archived state"), ("the archived state", known)]
            }
            (first, second) if first.swaps_out() && second.swaps_out() => vec![there(known)],
            (first, second) if !first.swaps_out() && !second.swaps_out() => vec![here(known)],
            _ => vec![here(known), there(known)],
        };
        self.is_in(&allowed("the first state")).map_err(|why| format!("{why}; the other run: {code:?} {said}"))?;
        let bystander = &self.outcome.bystander;
        let is = (self.name(bystander.live.as_ref()), self.name(bystander.beside.as_ref()));
        if !allowed("the bystander").contains(&is) {
            return self.wrong(&format!("the session that nobody used is {}", self.show(bystander)));
        }
        Ok(())
    }

    fn expire(&self) -> Judged {
        self.code(&[0])?;
        self.summary("/deleted/sessions", self.taken(1), 1)?;
        self.backup(1)?;
        match self.action() {
            Some(Action::Save | Action::SaveOpen) => self.is_live(&["the saved state"]),
            Some(Action::SaveAgain) => self.is_live(&["the state saved again", "nothing"]),
            _ => self.is_live(&["nothing"]),
        }
    }

    /// What the session may be in the live table.
    fn is_live(&self, allowed: &[&'static str]) -> Judged {
        let live = self.name(self.outcome.session.live.as_ref());
        if allowed.contains(&live) {
            Ok(())
        } else {
            self.wrong(&format!("right would be {allowed:?} in the live table"))
        }
    }

    /// Whether the backup has what was deleted; `others` are deleted sessions beside it.
    fn backup(&self, others: i64) -> Judged {
        let Places { live, beside } = &self.outcome.session;
        if !self.command.backs_up() {
            return self.outcome.session.beside.as_ref().map_or(Ok(()), |_| self.wrong("there is a backup"));
        }
        let taken = self.taken(1);
        self.summary("/archived", taken, others)?;
        if taken == 0 {
            let stays = self.killed() || beside.is_none();
            return if stays { Ok(()) } else { self.wrong("the backup has what was not deleted") };
        }
        // What is live was written after the row that we deleted.
        let deleted = match self.written() {
            Some(written) if live.is_none() => written,
            _ => &self.states.first,
        };
        if beside.as_ref() == Some(deleted) {
            return Ok(());
        }
        self.wrong(&format!("the backup should have {}", self.name(Some(deleted))))
    }

    fn logout(&self) -> Judged {
        // Without a Tomcat to ask nothing is unknown; a session that is not there is logged out.
        self.code(&[0])?;
        self.summary("/rows_deleted", self.taken(1), 0)?;
        self.backup(0)?;
        match self.written() {
            Some(written) => self.is_live(&[self.name(Some(written)), "nothing"]),
            None => self.is_live(&["nothing"]),
        }
    }

    fn delete(&self) -> Judged {
        // It is not there once a Tomcat or a run before has deleted it.
        let gone = self.killed() || self.history.found > 0;
        self.code(if gone { &[0, 1] } else { &[0] })?;
        if self.outcome.code == Some(0) {
            self.summary("/deleted/sessions", self.taken(1), 0)?;
        } else if self.taken(1) != 0 && !self.killed() {
            return self.wrong("it says that there is no such session, and deleted one");
        }
        self.backup(0)?;
        match self.written() {
            Some(written) => self.is_live(&[self.name(Some(written)), "nothing"]),
            None => self.is_live(&["nothing"]),
        }
    }

    fn swap_out(&self) -> Judged {
        self.code(&[0])?;
        let found = matches!(self.outcome.told.first().map(|told| told.did), Some(Did::Deleted { found: true }));
        match self.action() {
            Some(Action::Save | Action::SaveOpen) if found => self.is_in(&[("the saved state", "nothing")]),
            // A run that goes on with another one's work may remove what is older than the live row.
            Some(Action::Save | Action::SaveOpen) if self.killed() => {
                self.is_in(&[("the saved state", "the first state"), ("the saved state", "nothing")])
            }
            Some(Action::Save | Action::SaveOpen) => self.is_in(&[("the saved state", "the first state")]),
            Some(Action::SaveAgain) if found => {
                self.is_in(&[("the state saved again", "nothing"), ("nothing", "the state saved again")])
            }
            Some(Action::SaveAgain) => {
                self.is_in(&[("the state saved again", "the first state"), ("nothing", "the state saved again")])
            }
            Some(Action::Logout | Action::SaveLogout) if found => {
                // Of a run that was killed nobody knows whether its copy is one; then it is named.
                let named = self.killed() && self.named();
                self.is_in(if named {
                    &[("nothing", "nothing"), ("nothing", "the first state")]
                } else {
                    &[("nothing", "nothing")]
                })
            }
            _ => self.is_in(&[("nothing", "the first state")]),
        }?;
        self.summary("/moved/sessions", self.taken(1), 1)
    }

    fn swap_in(&self) -> Judged {
        let brought = if self.command.touches() { "the touched state" } else { "the first state" };
        let stayed = self.outcome.session.beside.is_some();
        let others = self.outcome.bystander.beside.is_some();
        self.code(if stayed || others { &[3] } else { &[0] })?;
        match (self.written(), self.logged_out()) {
            (Some(written), _) => {
                let written = self.name(Some(written));
                self.is_in(&[(written, "nothing"), (written, "the first state")])
            }
            // A run that goes on with another one's work leaves a copy that it does not bring back, and names it.
            (None, true) if self.history.found > 0 && self.killed() && self.named() => {
                self.is_in(&[("nothing", "nothing"), ("nothing", "the first state")])
            }
            (None, true) if self.history.found > 0 => self.is_in(&[("nothing", "nothing")]),
            // What a run brought that was killed is newer than what would be touched now: it stays, and is named.
            _ if self.killed() && self.command.touches() => {
                self.is_in(&[(brought, "nothing"), (brought, "the first state")])
            }
            _ => self.is_in(&[(brought, "nothing")]),
        }?;
        if !self.killed() && i64::from(!stayed) != -self.taken(0) {
            return self.wrong("the copy is gone, and was not brought back, or the other way round");
        }
        self.summary("/moved/sessions", -self.taken(0), 1)
    }

    fn import(&self) -> Judged {
        self.code(&[0])?;
        let archived = "the archived state";
        let live = self.name(self.outcome.session.live.as_ref());
        let wrote = i64::try_from(self.count("/inserted") + self.count("/replaced")).unwrap() - 1;
        if !self.killed() && (!(0..=1).contains(&wrote) || live == archived && wrote != 1) {
            return self.wrong(&format!("the summary says {wrote} for the session"));
        }
        let allowed: &[&str] = match (self.command, self.action()) {
            (_, Some(Action::Logout | Action::SaveLogout)) => &["nothing", archived],
            (Command::ImportReplace, Some(Action::Save | Action::SaveOpen)) => &["the saved state", archived],
            (_, Some(Action::Save | Action::SaveOpen)) => &["the saved state"],
            (Command::ImportSkip, Some(Action::SaveAgain)) => &["the state saved again"],
            (_, Some(Action::SaveAgain)) => &["the state saved again", archived],
            (Command::ImportSkip, _) => &["the first state"],
            _ => &[archived],
        };
        if !allowed.contains(&live) {
            return self.wrong(&format!("right would be {allowed:?} in the live table"));
        }
        // What Tomcat wrote last goes only to what came after it.
        if self.written().is_some() && live == archived && self.killed() {
            return Ok(());
        }
        if let Some(written) = self.written()
            && live == archived
            && self.command == Command::ImportNewer
            && self.states.archived.meta.last_access <= written.meta.last_access
        {
            return self.wrong("an older state replaced a newer one");
        }
        Ok(())
    }

    /// Whether the source was looked at after Tomcat was done.
    fn looked(&self) -> bool {
        let Some((_, done)) = self.history.span else { return true };
        let steps = &self.outcome.steps;
        let from = done.min(steps.len());
        steps[from..].iter().filter(|step| step.server == 0).any(|step| {
            let before = steps[..from]
                .iter()
                .any(|old| old.answered && !old.asked && old.connection == step.connection && old.text == step.text);
            match self.action() {
                Some(Action::Create) => step.answered && !step.asked,
                Some(Action::Logout | Action::SaveLogout) => {
                    step.asked || before || step.text.to_uppercase().contains("UPDATE_TIME")
                }
                _ => step.answered || step.text.to_uppercase().contains("UPDATE_TIME"),
            }
        })
    }

    /// Whether the source answered with the session before Tomcat began, or after it was done.
    fn seen_outside(&self) -> bool {
        let (from, to) = self.history.gap.unwrap_or((usize::MAX, usize::MAX));
        let steps = self.outcome.steps.iter().enumerate();
        steps.filter(|(_, step)| step.server == 0 && step.answered).any(|(at, _)| at < from || at >= to)
    }

    /// Whether the source is as Tomcat left it: these commands only read it.
    fn source(&self) -> Judged {
        let live = self.outcome.session.live.as_ref();
        let right = match (self.written(), self.logged_out()) {
            (Some(written), _) => Some(written),
            (None, true) => None,
            (None, false) => Some(&self.states.first),
        };
        if live == right { Ok(()) } else { self.wrong("the source is not as Tomcat left it") }
    }

    fn migrate(&self) -> Judged {
        self.source()?;
        self.code(&[0, 4])?;
        let said = ["missing", "different", "extra", "changed"];
        let differs = said.iter().any(|word| self.count(&format!("/verification/{word}")) > 0);
        let said = differs || self.outcome.code == Some(4);
        let (first, target) = ("the first state", self.name(self.outcome.session.beside.as_ref()));
        let looked = self.looked();
        match (self.action(), self.written()) {
            (Some(Action::Logout | Action::SaveLogout), _) => match target {
                "nothing" => Ok(()),
                "the first state" | "the saved state" if !looked || said => Ok(()),
                _ => self.wrong("the target has a session whose user has logged out, and the summary does not say so"),
            },
            (_, Some(written)) => {
                let written = self.name(Some(written));
                match target {
                    target if target == written => Ok(()),
                    "the first state" if !looked || said && self.looks_again() < 2 => Ok(()),
                    "the first state" if self.outcome.code == Some(4) => Ok(()),
                    "the first state" => self.wrong("the target has an older state, and the summary does not say so"),
                    "nothing" if self.outcome.code == Some(4) || !looked && !self.seen_after() => Ok(()),
                    _ => self.wrong("the target lacks a session that lives, and the exit status does not say so"),
                }
            }
            (Some(Action::Create), _) => {
                let created = self.outcome.created.beside.is_some();
                if target != first {
                    self.wrong("the target lacks the session")
                } else if !created && looked && !said {
                    self.wrong("the target lacks the new session, and the summary does not say so")
                } else {
                    Ok(())
                }
            }
            _ if target == first && self.outcome.code == Some(0) => Ok(()),
            _ => self.wrong("undisturbed, the target has the session and the exit status is 0"),
        }
    }

    /// How often the source was asked for the session, and had it, after Tomcat was done.
    fn looks_again(&self) -> usize {
        let Some((_, done)) = self.history.span else { return 0 };
        let steps = self.outcome.steps.iter().skip(done);
        steps.filter(|step| step.server == 0 && step.asked && step.answered).count()
    }

    fn seen_after(&self) -> bool {
        let Some((_, done)) = self.history.span else { return false };
        self.outcome.steps.iter().skip(done).any(|step| step.server == 0 && step.answered)
    }

    fn export(&self) -> Judged {
        self.source()?;
        self.code(&[0])?;
        let (first, archive) = ("the first state", self.name(self.outcome.session.beside.as_ref()));
        match (self.action(), self.written()) {
            (Some(Action::Logout), _) if ["nothing", first].contains(&archive) => Ok(()),
            (Some(Action::SaveLogout), _) if ["nothing", first, "the saved state"].contains(&archive) => Ok(()),
            (_, Some(written)) => match archive {
                archive if archive == self.name(Some(written)) => Ok(()),
                "the first state" if !self.looked() => Ok(()),
                "the first state" => self.wrong("the archive has an older state than a later pass saw"),
                "nothing" if !self.seen_outside() => Ok(()),
                _ => self.wrong("the archive lacks a session that lives"),
            },
            (Some(Action::Create), _) if archive == first => {
                let created = self.outcome.created.beside.is_some();
                if created || !self.looked() { Ok(()) } else { self.wrong("the archive lacks the new session") }
            }
            _ if archive == first => Ok(()),
            _ => self.wrong("undisturbed, the archive has the session"),
        }
    }

    fn verify(&self) -> Judged {
        self.source()?;
        self.code(&[0, 4])?;
        let numbers = ["same", "missing", "extra", "different", "changed"].map(|word| self.count(&format!("/{word}")));
        let [same, missing, extra, different, changed] = numbers;
        let differences = missing + extra + different;
        if (differences > 0) != (self.outcome.code == Some(4)) {
            return self.wrong(&format!("exit {:?} with {differences} differences", self.outcome.code));
        }
        let steps = &self.outcome.steps;
        let answered = |range: std::ops::Range<usize>| {
            let range = range.start.min(steps.len())..range.end.min(steps.len());
            steps[range].iter().any(|step| step.server == 0 && step.answered)
        };
        let Some((began, done)) = self.history.span.filter(|_| self.action() != Some(Action::Load)) else {
            return if (same, differences + changed) == (2, 0) {
                Ok(())
            } else {
                self.wrong(&format!("undisturbed, two sessions are the same: {numbers:?}"))
            };
        };
        let before = answered(0..began);
        if self.action() == Some(Action::Create) {
            let looked = self.looked();
            let right = same == 2 && (differences + changed == 1 || differences + changed == 0 && (before || !looked));
            return if right { Ok(()) } else { self.wrong(&format!("a new session makes it {numbers:?}")) };
        }
        if same + differences + changed != 2 {
            return self.wrong(&format!("there are two sessions: {numbers:?}"));
        }
        if !before && same == 2 {
            return self.wrong("what differed at every look is called the same");
        }
        // Nothing was looked at before Tomcat was done.
        let all_after = began == done && !before;
        if all_after && differences != 1 {
            return self.wrong(&format!("a difference that stood at every look is none: {numbers:?}"));
        }
        Ok(())
    }
}

/// Whether `session` is what `--touch` makes of `known`.
fn is_touched(known: &Session, session: &Session) -> bool {
    let (Some(at), Some(data)) = (session.meta.last_access, &known.data) else { return false };
    let mut data = data.to_vec();
    if touch(&mut data, at.0).is_err() {
        return false;
    }
    let mut touched = known.clone();
    touched.meta.last_access = session.meta.last_access;
    touched.data = Some(data.into());
    touched == *session
}
