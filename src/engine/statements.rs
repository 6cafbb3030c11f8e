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
    apps,
    clock,
    cluster,
    columns,
    connection_activity,
    connection_limits,
    count,
    count_anomalies,
    count_expired,
    create_database,
    create_index_app,
    create_index_expiry,
    create_key_table,
    create_login,
    create_staging_table,
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
    get,
    grant_all,
    grant_minimal,
    group_primary,
    indexes,
    insert,
    insert_from_staging,
    is_group_member,
    is_read_only,
    lease_create,
    lease_grant,
    lease_read,
    lease_release,
    lease_renew,
    lease_take,
    lock,
    lock_held,
    lock_rows,
    lock_staged_keys,
    login_exists,
    mark_connection,
    marked_connection_exists,
    metadata_by_key,
    move_rows,
    my_grants,
    orphans,
    page,
    read_rows,
    replicas,
    replication,
    replication_settings,
    reset_password,
    script_guard,
    script_head,
    server,
    set_causal_galera,
    set_causal_group,
    set_isolation,
    set_session,
    shadowing_users,
    status,
    table,
    table_storage,
    table_version,
    unlock,
    upgrade_table,
    use_database,
    user_exists,
    user_grants,
    vacuum,
);
