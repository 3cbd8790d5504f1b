//! JobFuture's one binary: serves the site, and holds the tools of operators and authors.

mod calibrate;
mod cli;
mod content;
mod credential;
mod demo;
mod doctor;
mod grade;
mod irt;
mod mail;
mod oidc;
mod outbound;
mod place;
mod proofs;
mod regrade;
mod serve;
mod told;

use clap::Parser;
use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments = cli::Arguments::parse();
    told::start_log(arguments.json_log);
    let done = match arguments.command {
        cli::Command::Demo(options) => serve::run(&options, serve::Purpose::Demo),
        cli::Command::Serve(options) => serve::run(&options, serve::Purpose::Serve),
        cli::Command::Doctor(options) => doctor::run(&options),
        cli::Command::Grade(cli::Grade::Try(options)) => grade::run(&options),
        cli::Command::Content(cli::Content::Check(options)) => content::check(&options),
        cli::Command::Content(cli::Content::Prove(options)) => content::prove(&options),
        cli::Command::Irt(command) => irt::run(&command),
        cli::Command::Calibrate(options) => calibrate::run(&options),
        cli::Command::Regrade(options) => regrade::run(&options),
        cli::Command::Credential(command) => credential::run(&command),
    };
    match done {
        Ok(code) => code,
        Err(error) => {
            // The whole chain: what failed, and each reason under it.
            eprintln!("{} {error:#}", told::red("error:"));
            ExitCode::from(2)
        }
    }
}
