use std::process::ExitCode;

use tomcat_sessions::cli;

fn main() -> ExitCode {
    // One thread more than the work itself needs: it reads ahead while a batch is being deleted.
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    ExitCode::from(match runtime {
        Ok(runtime) => runtime.block_on(cli::run(std::env::args_os())),
        Err(error) => cli::render_early(&format!("cannot start: {error}")),
    })
}
