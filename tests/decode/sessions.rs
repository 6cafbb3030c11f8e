//! Sessions that Tomcat 9, 10.1 and 11 wrote.

use tomcat_sessions::javaser::{EnvelopeForm, Limits, Value, decode};

use super::support::sample;

#[test]
fn every_session_of_the_sample_decodes_to_its_end() {
    let sessions = sample();
    assert_eq!(sessions.len(), 26);
    for session in sessions {
        let bytes = session.data.unwrap();
        let decoded = decode(&bytes, Limits::default()).unwrap();
        assert_eq!((decoded.broken, decoded.trailing), (None, 0));
        let read = &decoded.session;
        assert_eq!(read.attributes.len(), read.count);
        assert_eq!(decoded.tree.string(Value::Node(read.id)).unwrap(), session.meta.key.id);
        assert_eq!(Some(read.last_accessed_time), session.meta.last_access.map(|at| at.0));
        assert_eq!(Some(i64::from(read.max_inactive_interval)), session.meta.max_inactive);
        assert!(matches!(read.form, EnvelopeForm::Login | EnvelopeForm::LoginAndNotes));
        // Attributes follow each other without gaps, until the end of the bytes.
        let ends: Vec<u32> = read.attributes.iter().map(|a| a.span.end).collect();
        let starts: Vec<u32> = read.attributes.iter().map(|a| a.span.start).collect();
        assert_eq!(ends[..ends.len().saturating_sub(1)], starts[1.min(starts.len())..]);
        assert_eq!(ends.last().map_or(bytes.len(), |end| *end as usize), bytes.len());
    }
}
