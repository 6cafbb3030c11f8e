//! The statements of an engine: one field per file of `sql/<engine>/`, so that a missing file is a compile error.

use super::Template;

macro_rules! define {
    ($d:tt $($name:ident,)*) => {
        /// The statements of one engine, each from the file of the same name.
        #[derive(Debug, Clone, Copy)]
        pub struct Statements {
            $(pub $name: Template,)*
        }

        impl Statements {
            /// Every statement with the name of its file.
            pub fn all(&self) -> Vec<(&'static str, Template)> {
                vec![$((stringify!($name), self.$name),)*]
            }
        }

        /// The statements in the folder with this name.
        macro_rules! statements_in {
            ($d folder:literal) => {
                $crate::engine::Statements {
                    $($name: $crate::engine::Template(include_str!(concat!(
                        env!("CARGO_MANIFEST_DIR"), "/sql/", $d folder, "/", stringify!($name), ".sql"
                    ))),)*
                }
            };
        }
        pub(super) use statements_in;
    };
}

define!($
    anomalies,
    apps,
    clock,
    cluster,
    columns,
    connection_limits,
    count,
    count_expired,
    create_database,
    create_index_app,
    create_index_expiry,
    create_login,
    create_table,
    create_table_documented,
    create_user,
    database_exists,
    delete_returning,
    delete_rows,
    digests,
    duplicates,
    encrypted,
    expired_page,
    expired_page_by_index,
    get,
    grant_all,
    grant_minimal,
    group_primary,
    indexes,
    insert,
    is_group_member,
    is_read_only,
    keys_create,
    last_change,
    lease_create,
    lease_grant,
    lease_read,
    lease_release,
    lease_renew,
    lease_take,
    lock,
    lock_held,
    lock_keys,
    lock_rows,
    login_exists,
    mark_session,
    member,
    metadata_by_key,
    fix_account_connections,
    fix_app,
    fix_app_missing,
    fix_autovacuum,
    fix_data,
    fix_database_connections,
    fix_dead_rows,
    fix_duplicates,
    fix_duplicates_begin,
    fix_duplicates_end,
    fix_engine,
    fix_expires_at,
    fix_grants,
    fix_id,
    fix_index_app,
    fix_index_expiry,
    fix_last_access,
    fix_max_inactive,
    fix_null_app,
    fix_null_data,
    fix_null_times,
    fix_orphan,
    fix_packet,
    fix_primary_key,
    fix_row_format,
    fix_row_versions,
    fix_sql_mode,
    fix_storage,
    fix_transaction_ids,
    fix_truncated,
    fix_unused_space,
    fix_valid,
    move_rows,
    my_grants,
    orphans,
    page,
    read_rows,
    replicas,
    replication,
    reset_password,
    script_guard,
    script_head,
    server,
    session_exists,
    session_state,
    set_causal_galera,
    set_causal_group,
    set_isolation,
    set_session,
    shadowing_users,
    stage_create,
    stage_move,
    status,
    table,
    table_storage,
    unlock,
    upgrade_table,
    use_database,
    user_exists,
    user_grants,
    vacuum,
);
