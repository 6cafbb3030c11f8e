use std::collections::HashMap;
use std::path::Path;

use fastrand::Rng;

use super::*;
use crate::session::{Digest, RowChange, SessionKey, SessionMeta, accessed as session};

/// A map in memory, one that moves to a file as it grows, and one in a file from the beginning.
fn maps_in_each_storage() -> [SpillableMap; 3] {
    let dir = std::env::temp_dir();
    let mut filed = SpillableMap::new(0, &dir);
    filed.pages.move_to_file(&dir).unwrap();
    [SpillableMap::new(usize::MAX, &dir), SpillableMap::new(8 * PAGE, &dir), filed]
}

fn is_filed(spill: &SpillableMap) -> bool {
    matches!(spill.pages, Pages::File { .. })
}

#[test]
fn a_spillable_map_equals_a_hash_map() {
    for (number, mut spill) in maps_in_each_storage().into_iter().enumerate() {
        let mut rng = Rng::with_seed(7);
        let mut map: HashMap<u64, u64> = HashMap::new();
        let mut keys: Vec<u64> = Vec::new();
        for _ in 0..60_000 {
            match rng.u32(0..20_000) {
                0 => {
                    let (kept, changed) = (rng.u64(1..4), rng.u64(..));
                    let each = |value: &mut u64| {
                        *value ^= changed;
                        *value % 4 <= kept
                    };
                    spill.retain(each).unwrap();
                    map.retain(|_, value| each(value));
                }
                1..10_000 => {
                    let (key, value) = (rng.u64(..), if rng.bool() { 0 } else { rng.u64(..) });
                    keys.push(key);
                    assert_eq!(spill.set(key, value).unwrap(), map.insert(key | USED, value));
                }
                what => {
                    let Some(key) = rng.choice(&keys) else { continue };
                    if what % 5 == 0 {
                        assert_eq!(spill.remove(*key).unwrap(), map.remove(&(key | USED)));
                    } else if what % 2 == 0 {
                        let value = rng.u64(..);
                        assert_eq!(spill.set(*key, value).unwrap(), map.insert(key | USED, value));
                    } else {
                        assert_eq!(spill.get(*key).unwrap(), map.get(&(key | USED)).copied());
                    }
                }
            }
            assert_eq!(spill.len(), map.len() as u64);
        }
        assert!(spill.bits > 5 && map.len() > 5_000, "{} {}", spill.bits, map.len());
        assert_eq!(is_filed(&spill), number > 0);
        for key in keys {
            assert_eq!(spill.get(key).unwrap(), map.get(&(key | USED)).copied());
        }
        spill.retain(|_| false).unwrap();
        assert!(spill.is_empty());
        assert_eq!(spill.get(5).unwrap(), None);
    }
}

#[test]
fn a_session_takes_at_most_41_bytes() {
    let mut spill = SpillableMap::new(1 << 20, &std::env::temp_dir());
    let mut rng = Rng::with_seed(1);
    while spill.len() < 300_000 {
        let before = spill.bits;
        spill.set(rng.u64(..), 1).unwrap();
        if spill.bits > before {
            let bytes = (PAGE << spill.bits) as u64 / spill.len();
            assert!(bytes <= 41, "{bytes} bytes each of {}", spill.len());
            assert_eq!(is_filed(&spill), spill.bits > 8);
        }
    }
}

#[test]
fn too_many_digest_collisions_are_an_error() {
    for mut spill in maps_in_each_storage() {
        let failed = (0..1_000u64).find_map(|n| spill.set(n << 1, n).err());
        assert!(matches!(failed, Some(SpillError::Alike)), "{failed:?}");
        assert!(spill.bits < 4, "{}", spill.bits);
    }
}

#[test]
fn an_unwritable_directory_is_reported() {
    let mut spill = SpillableMap::new(PAGE, Path::new("/nonexistent/tmp"));
    let mut rng = Rng::with_seed(1);
    let noted = (0..).find_map(|n: u64| spill.set(rng.u64(..), n).err().map(|error| (n, error.to_string())));
    assert_eq!(
        noted,
        Some((
            256,
            "cannot write to the temporary directory `/nonexistent/tmp`: No such file or directory (os error 2)"
                .to_owned()
        ))
    );
}

/// Records of these sessions, in each form.
fn seen(ids: &[&str]) -> impl Iterator<Item = SeenSessions> {
    maps_in_each_storage().into_iter().map(move |spill| {
        let mut seen = SeenSessions::new(spill);
        ids.iter().for_each(|id| seen.take(&session(id, 1)).unwrap());
        assert_eq!(seen.end_pass().unwrap(), Absences::default());
        seen
    })
}

#[test]
fn new_changed_and_the_same() {
    for mut seen in seen(&["A"]) {
        assert_eq!(seen.observe(&session("A", 1)).unwrap(), RowChange::Same);
        assert_eq!(seen.observe(&session("B", 1)).unwrap(), RowChange::New);
        assert_eq!(seen.observe(&session("A", 2)).unwrap(), RowChange::Changed);
        seen.take(&session("A", 2)).unwrap();
        assert_eq!(seen.observe(&session("A", 2)).unwrap(), RowChange::Same);
        let other = SessionMeta { key: SessionKey::new(None, "A"), ..session("A", 1) };
        assert_eq!(seen.observe(&other).unwrap(), RowChange::New, "another application's session of this id");
    }
}

#[test]
fn missed_once_is_not_gone() {
    for mut seen in seen(&["A", "B"]) {
        seen.observe(&session("A", 1)).unwrap();
        assert_eq!(seen.end_pass().unwrap(), Absences { missing: 1, gone: 0 });
        seen.observe(&session("A", 1)).unwrap();
        assert_eq!(seen.observe(&session("B", 1)).unwrap(), RowChange::Same);
        assert_eq!(seen.end_pass().unwrap(), Absences::default());
        // The miss before the session was seen again no longer counts.
        seen.observe(&session("A", 1)).unwrap();
        assert_eq!(seen.end_pass().unwrap(), Absences { missing: 1, gone: 0 });
    }
}

#[test]
fn missed_twice_in_a_row_is_gone_and_new_when_it_comes_back() {
    for mut seen in seen(&["A", "B"]) {
        for expected in [Absences { missing: 1, gone: 0 }, Absences { missing: 0, gone: 1 }, Absences::default()] {
            seen.observe(&session("A", 1)).unwrap();
            assert_eq!(seen.end_pass().unwrap(), expected);
        }
        assert_eq!(seen.len(), 1);
        assert_eq!(seen.observe(&session("B", 1)).unwrap(), RowChange::New);
    }
}

#[test]
fn a_set_contains_what_was_inserted() {
    let key = |n: u32| SessionKey::new(Some("/a".to_owned()), format!("{n:032X}"));
    let mut keys = KeySet::default();
    assert!(keys.is_empty());
    for n in 0..2_000 {
        assert!(keys.insert(&key(n)).unwrap());
    }
    for n in 0..4_000 {
        assert_eq!(keys.contains(&key(n)).unwrap(), n < 2_000);
    }
    assert!(!keys.insert(&key(1)).unwrap());
    assert!(!keys.contains(&SessionKey::new(None, key(1).id)).unwrap());
    assert_eq!(keys.len(), 2_000);
}

#[test]
fn sent_state_differs_from_changed_row() {
    let digest = |at| Digest { meta: session("A", at), sha256: Some([7; 32]) };
    let key = digest(1).meta.key;
    let mut sent = SentSessions::default();
    assert_eq!(sent.since(&key, Some(&digest(1))).unwrap(), SinceSent::Never);
    for kept in [true, false] {
        sent.note(SentState::of(&digest(1), kept)).unwrap();
        assert_eq!(sent.since(&key, Some(&digest(1))).unwrap(), SinceSent::Same { kept });
        assert_eq!(sent.since(&key, Some(&digest(2))).unwrap(), SinceSent::Changed);
        assert_eq!(sent.since(&key, None).unwrap(), SinceSent::Changed);
    }
    sent.forget(&key).unwrap();
    assert!(!sent.has(&key).unwrap());
}
