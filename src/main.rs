use std::process::ExitCode;

use tomcat_sessions::cli;

fn main() -> ExitCode {
    if let Some(code) = cli::complete(std::env::args_os()) {
        return ExitCode::from(code);
    }
    give_back_big_blocks();
    // One thread for all connections, which `MysqlStore` asks for; what computes or blocks for long has others.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    ExitCode::from(match runtime {
        Ok(runtime) => {
            let code = runtime.block_on(cli::run(std::env::args_os()));
            // A name may still be looked up that nobody waits for any more.
            runtime.shutdown_background();
            code
        }
        Err(error) => cli::render_early(&format!("cannot start: {error}")),
    })
}

/// Lets what a big session took go back to the system when it is freed.
///
/// Left to itself, glibc takes its first big block for a sign that more of the kind will be wanted, and
/// keeps them: sessions of 16 MB were in memory several times over (`import` 171 MB, 109 MB without).
#[cfg(target_env = "gnu")]
fn give_back_big_blocks() {
    #[expect(unsafe_code, reason = "sets numbers of the allocator's, before there are other threads")]
    // SAFETY: mallopt has no preconditions, and a value that it refuses changes nothing.
    unsafe {
        libc::mallopt(libc::M_MMAP_THRESHOLD, 2 << 20);
        // Which is fixed then, too, and so low that ordinary pages would come and go.
        libc::mallopt(libc::M_TRIM_THRESHOLD, 16 << 20);
    }
}

/// Other allocators do so by themselves.
#[cfg(not(target_env = "gnu"))]
fn give_back_big_blocks() {}
