//! The header of an archive of a store.

use crate::archive::Header;
use crate::context::Context;
use crate::store::SessionStore;
use crate::store::provision::Profile;

/// The header of an archive that a command writes; `filters` is a hash of the filters that select the sessions.
pub fn archive_header(cx: &Context, store: &SessionStore, command: &str, filters: Option<String>) -> Header {
    let is = |profile: &Profile| profile.differences(store.shape(), store.names(), store.dialect()).is_empty();
    let profile = [Profile::Recommended, Profile::Documented].into_iter().find(is);
    Header::new(
        store.variant(),
        store.server().version.as_str(),
        store.names().table.as_str(),
        profile.map_or("other", Profile::as_str),
        cx.now.0,
    )
    .of_job(command, store.target().to_string(), filters)
}
