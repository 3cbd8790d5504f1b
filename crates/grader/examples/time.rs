//! Grades one accepted submission again and again and prints what each phase took. For looking, not for judging.

use jobfuture_content::Library;
use jobfuture_grader::{Grader, GraderConfig};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let (task, submission) = (&arguments[1], &arguments[2]);
    let rounds: u64 = arguments.get(3).map_or(20, |count| count.parse().unwrap());
    let library = Arc::new(Library::read(&PathBuf::from("content")).unwrap());
    let data = std::env::temp_dir().join("jobfuture-time");
    let config = GraderConfig { data, python: None, pool: 3, allow_reduced_isolation: false };
    let grader = Grader::start(&library, &config, &|line| println!("{line}")).unwrap();
    println!("{}", grader.readiness());
    grader.wait_until_full(Duration::from_secs(10));
    println!("idle instance: {:?} KiB (share, private)", grader.idle_memory_kib("library"));
    let task = &library.tasks[task];
    let mut totals = Vec::new();
    for seed in 0..rounds {
        let variant = task.variant(seed).unwrap();
        let files = match submission.as_str() {
            "starter" => variant
                .starter
                .iter()
                .filter(|(path, _)| task.is_editable(path))
                .map(|(p, b)| (p.clone(), b.clone()))
                .collect(),
            name => task.render_files(&task.submissions[name], &variant.parameters).unwrap(),
        };
        grader.wait_until_full(Duration::from_secs(10));
        let verdict = grader.grade(task, &variant, files, seed).unwrap();
        let failed: Vec<_> =
            verdict.behaviours.iter().filter(|behaviour| !behaviour.passed).map(|behaviour| &behaviour.id).collect();
        println!("{} {failed:?} {:?} {:?} {:?}", verdict.passed, verdict.timings_ms, verdict.stopped, verdict.used);
        if !verdict.passed && rounds == 1 {
            println!(
                "{}\n{:#?}",
                verdict.output,
                verdict.behaviours.iter().flat_map(|b| &b.evidence).collect::<Vec<_>>()
            );
        }
        totals.push(verdict.timings_ms["total"]);
    }
    totals.sort_by(f64::total_cmp);
    println!("median {:.1} ms, max {:.1} ms", totals[totals.len() / 2], totals[totals.len() - 1]);
}
