//! Defines which end states are correct, given the actions of Tomcat and their times. Pure: it reads only an
//! [`Outcome`].
//!
//! Tomcat's actions define the session. The state that it wrote last is the newest one; after a DELETE that is not
//! followed by an INSERT, the user is logged out. Whether a DELETE of Tomcat *found* the row shows whether it was
//! executed before or after our commit in the live table, because our transactions and its statements are atomic. No
//! clock is needed for the evaluation.
//!
//! **Everywhere.** A session in any place is, in all columns and all bytes, one of the states that were written: by
//! Tomcat, by the imported archive or, with `--touch`, the swapped-out state with the times in its data set to its
//! `last_access` and nothing else changed. The bystander session, which nobody uses, is where an undisturbed run puts
//! it. The program ends with exit code 0, or with the code that its help gives for sessions that were not processed.
//!
//! **The count.** The number of rows of the session in the live table is conserved: the initial row and the rows that
//! Tomcat inserted were deleted by Tomcat (its DELETEs that found them), still exist, or were removed by us; rows that
//! we inserted are added. The numbers that a summary reports as deleted, moved or imported are exactly these.
//!
//! **`expire`, `delete`, `logout`.** The state that Tomcat wrote last is kept, unless it was itself to be deleted: a
//! save that revived an expired session is kept, and so is a save after the last search of `logout`.
//!
//! **`--backup`.** Deleted sessions are in the archive, in the state in which they were deleted, and a run that was not
//! killed archives nothing else: sessions that Tomcat deleted or that were kept are not in it. A killed run may have
//! archived a batch that it did not delete.
//!
//! **`swap-out`.** Saved after a request: the live table has that state. If Tomcat's DELETE found the row, there is no
//! copy in the target, because the copy would restore the session after a logout. If it did not, the session had been
//! moved before, and its old state may (and, until then, must) be in the target. Saved without a request: it may be
//! moved in the new state. Logged out, row found: nowhere. Row not found: in the target, because it was moved before,
//! and no table shows that its user is gone. After a kill between the copy and the deletion, it is unknown whether a
//! session that is missing in the live table was moved or logged out: its copy may stay if the next run lists it.
//!
//! **`swap-in`.** The live table has the state that Tomcat wrote to it, whatever was in the target. The copy is gone,
//! or it stays, is listed, and the exit code is 3. Logged out, row found: nowhere; after a kill, a copy may stay that
//! the next run lists and does not bring back.
//!
//! **`import`.** `newer`: never an older state instead of a newer one. `skip`: the existing row, or the one that was
//! saved meanwhile, is kept. `replace`: either. After a logout before the write of the import, the table has the state
//! of the archive, as intended; after a logout that follows the write, it has nothing.
//!
//! **`migrate`, `export`.** The result is the source at a time within the run, and only reads can show changes. A
//! *look* is a statement to the source that was sent after Tomcat was done and whose answer contained the session
//! (after a logout: a statement whose earlier answer contained it, or that asked for it, or that asked the server
//! whether the table had changed). If there was such a look, the target has the state that Tomcat wrote, or the report
//! says that the session differs: a count of `missing`, `different`, `extra` or `changed`, or exit code 4; after two
//! looks at the session by its key only, exit code 4 is required, because nothing changed any more. Without a look, the
//! target has the state before or after. A live session may be missing only if every look was between Tomcat's DELETE
//! and its INSERT; after a look outside of that, the exit status shows it.
//!
//! **Two runs of ours.** The second one ends with exit code 12, or both together have the same result as one after the
//! other: each session in exactly one place, in its newest state. If the second one imports a later state, the live
//! table has it, and an older copy may exist too.
//!
//! **`verify`.** A difference in all looks is reported as a difference, with exit code 4. A difference in some of them
//! may be reported as changed. A difference in every look is never reported as equal.

use tomcat_sessions::javaser::touch;
use tomcat_sessions::session::Session;

use super::command::{Command, Places, States};
use super::schedule::{Event, Outcome};
use super::tomcat::{Action, Did};

/// Evaluates the end of a run; returns the reason if it is wrong.
pub fn evaluate(command: Command, event: Event, states: &States, outcome: &Outcome) -> Result<(), String> {
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

/// Summary of Tomcat's actions.
struct History {
    /// Number of rows that its DELETEs found.
    found: u64,
    inserted: u64,
    /// The number of steps that had passed when it began and when it ended; `None` if it did nothing.
    span: Option<(usize, usize)>,
    /// The steps between which its session was absent.
    gap: Option<(usize, usize)>,
}

impl History {
    fn of(outcome: &Outcome) -> History {
        let told = &outcome.told;
        let number = |did: Did| told.iter().filter(|told| told.did == did).count() as u64;
        let span = told.first().zip(told.last()).map(|(first, last)| (first.began, last.done));
        let gap = told.iter().find(|told| matches!(told.did, Did::Deleted { .. })).map(|deleted| {
            let inserted = told.iter().rfind(|told| told.did == Did::InsertResult);
            (deleted.began, inserted.map_or(usize::MAX, |inserted| inserted.done))
        });
        History { found: number(Did::Deleted { found: true }), inserted: number(Did::InsertResult), span, gap }
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

    /// The last state that Tomcat wrote to the tested session; `None` if it wrote nothing, or the user logged out.
    fn written(&self) -> Option<&Session> {
        match self.action() {
            Some(action) if action.saves() => Some(self.states.written(action)),
            _ => None,
        }
    }

    fn logged_out(&self) -> bool {
        self.action().is_some_and(Action::logs_out)
    }

    /// Whether the report lists the tested session.
    fn named(&self) -> bool {
        let id = &self.states.first.meta.key.id;
        let output_text = format!("{} {}", self.outcome.result, self.outcome.stderr);
        output_text.contains(id.as_str()) || output_text.contains(&id[..8])
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

    /// The possible places of the session, by the names of the states.
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

    /// Whether the bystander sessions are where they belong.
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

    /// Number of rows of the session that we removed from the live table (negative: inserted).
    fn taken(&self, before: i64) -> i64 {
        let signed = |n: u64| i64::try_from(n).unwrap();
        // Tomcat created another session, and its DELETE finds nothing.
        let created = u64::from(self.action() == Some(Action::Create));
        let there = i64::from(self.outcome.session.live.is_some());
        before + signed(self.history.inserted - created) - signed(self.history.found) - there
    }

    /// Compares the number in the summary with the rows; `others` are those of bystander sessions.
    fn summary(&self, path: &str, taken: i64, others: i64) -> Judged {
        let output_text = i64::try_from(self.count(path)).unwrap();
        if self.killed() || output_text == taken + others {
            return Ok(());
        }
        self.wrong(&format!("the summary says {output_text} for {path}, and it was {}", taken + others))
    }

    fn two_runs(&self, second: Command) -> Judged {
        let Some((code, output_text)) = &self.outcome.other else { return Ok(()) };
        self.code(&[0, 3, 12])?;
        if !matches!(code, Some(0 | 3 | 12)) {
            return self.wrong(&format!("the other run ends with {code:?}: {output_text}"));
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
        self.is_in(&allowed("the first state"))
            .map_err(|why| format!("{why}; the other run: {code:?} {output_text}"))?;
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

    /// The possible states of the session in the live table.
    fn is_live(&self, allowed: &[&'static str]) -> Judged {
        let live = self.name(self.outcome.session.live.as_ref());
        if allowed.contains(&live) {
            Ok(())
        } else {
            self.wrong(&format!("right would be {allowed:?} in the live table"))
        }
    }

    /// Whether the backup contains the deleted states; `others` are deleted bystander sessions.
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
        // A live row was written after the row that we deleted.
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
        // Without Tomcats nothing is unknown; a session without a row is logged out.
        self.code(&[0])?;
        self.summary("/rows_deleted", self.taken(1), 0)?;
        self.backup(0)?;
        match self.written() {
            Some(written) => self.is_live(&[self.name(Some(written)), "nothing"]),
            None => self.is_live(&["nothing"]),
        }
    }

    fn delete(&self) -> Judged {
        // The row is missing after a Tomcat or an earlier run deleted it.
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
            // A run that continues the work of another may remove a copy that is older than the live row.
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
                // After a killed run, it is unknown whether the copy is the session; it is then listed.
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
            // A run that continues the work of another keeps a copy that it does not bring back, and lists it.
            (None, true) if self.history.found > 0 && self.killed() && self.named() => {
                self.is_in(&[("nothing", "nothing"), ("nothing", "the first state")])
            }
            (None, true) if self.history.found > 0 => self.is_in(&[("nothing", "nothing")]),
            // A state that a killed run brought back is newer than the one that would be touched now: it is kept and
            // listed.
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
        // The last state that Tomcat wrote may only be replaced by a later one.
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

    /// Whether the source was read after Tomcat was done.
    fn read_source_afterwards(&self) -> bool {
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

    /// Whether the source returned the session before Tomcat began, or after it was done.
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
        let output_text = ["missing", "different", "extra", "changed"];
        let differs = output_text.iter().any(|word| self.count(&format!("/verification/{word}")) > 0);
        let output_text = differs || self.outcome.code == Some(4);
        let (first, target) = ("the first state", self.name(self.outcome.session.beside.as_ref()));
        let looked = self.read_source_afterwards();
        match (self.action(), self.written()) {
            (Some(Action::Logout | Action::SaveLogout), _) => match target {
                "nothing" => Ok(()),
                "the first state" | "the saved state" if !looked || output_text => Ok(()),
                _ => self.wrong("the target has a session whose user has logged out, and the summary does not say so"),
            },
            (_, Some(written)) => {
                let written = self.name(Some(written));
                match target {
                    target if target == written => Ok(()),
                    "the first state" if !looked || output_text && self.looks_again() < 2 => Ok(()),
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
                } else if !created && looked && !output_text {
                    self.wrong("the target lacks the new session, and the summary does not say so")
                } else {
                    Ok(())
                }
            }
            _ if target == first && self.outcome.code == Some(0) => Ok(()),
            _ => self.wrong("undisturbed, the target has the session and the exit status is 0"),
        }
    }

    /// How often the source was asked for the session, and returned it, after Tomcat was done.
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
                "the first state" if !self.read_source_afterwards() => Ok(()),
                "the first state" => self.wrong("the archive has an older state than a later pass saw"),
                "nothing" if !self.seen_outside() => Ok(()),
                _ => self.wrong("the archive lacks a session that lives"),
            },
            (Some(Action::Create), _) if archive == first => {
                let created = self.outcome.created.beside.is_some();
                if created || !self.read_source_afterwards() {
                    Ok(())
                } else {
                    self.wrong("the archive lacks the new session")
                }
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
            let looked = self.read_source_afterwards();
            let right = same == 2 && (differences + changed == 1 || differences + changed == 0 && (before || !looked));
            return if right { Ok(()) } else { self.wrong(&format!("a new session makes it {numbers:?}")) };
        }
        if same + differences + changed != 2 {
            return self.wrong(&format!("there are two sessions: {numbers:?}"));
        }
        if !before && same == 2 {
            return self.wrong("what differed at every look is called the same");
        }
        // Nothing was read before Tomcat was done.
        let all_after = began == done && !before;
        if all_after && differences != 1 {
            return self.wrong(&format!("a difference that stood at every look is none: {numbers:?}"));
        }
        Ok(())
    }
}

/// Whether `session` is the result of `--touch` for `known`.
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
