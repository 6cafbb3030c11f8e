use std::process::ExitCode;

use tomcat_sessions::cli;

fn main() -> ExitCode {
    if let Some(code) = cli::complete(std::env::args_os()) {
        return ExitCode::from(code);
    }
    return_large_blocks();
    // One thread for all connections, as `MysqlStore` requires. Long computations and blocking calls use other threads.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    ExitCode::from(match runtime {
        Ok(runtime) => {
            let code = runtime.block_on(cli::run(std::env::args_os()));
            // A name lookup whose result is no longer needed may still be running.
            runtime.shutdown_background();
            code
        }
        Err(error) => cli::render_early(&format!("cannot start: {error}")),
    })
}

/// Makes the allocator return the memory of large sessions to the system when it is freed.
///
/// By default, glibc raises its mmap threshold after the first large block is freed, and keeps such blocks: sessions of
/// 16 MB were in memory several times (`import` used 171 MB, 109 MB without).
#[cfg(target_env = "gnu")]
fn return_large_blocks() {
    #[expect(unsafe_code, reason = "sets numbers of the allocator's, before there are other threads")]
    // SAFETY: mallopt has no preconditions, and a value that it refuses changes nothing.
    unsafe {
        libc::mallopt(libc::M_MMAP_THRESHOLD, 2 << 20);
        // Setting the mmap threshold also fixes the trim threshold, at a value so low that ordinary pages would be
        // returned and requested repeatedly.
        libc::mallopt(libc::M_TRIM_THRESHOLD, 16 << 20);
    }
}

/// Other allocators do this by default.
#[cfg(not(target_env = "gnu"))]
fn return_large_blocks() {}
