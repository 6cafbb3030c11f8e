use std::process::ExitCode;

use tomcat_sessions::cli;

fn main() -> ExitCode {
    if let Some(code) = cli::complete(std::env::args_os()) {
        return ExitCode::from(code);
    }
    // One thread for all connections, which `MysqlStore` asks for; what computes or blocks for long has others.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    ExitCode::from(match runtime {
        Ok(runtime) => runtime.block_on(cli::run(std::env::args_os())),
        Err(error) => cli::render_early(&format!("cannot start: {error}")),
    })
}
