//! Who may depend on whom. The table is the one of ARCHITECTURE.md.

use crate::workspace::Package;

/// Crate → the crates of ours that it may depend on. One that is not listed is refused: say here where it belongs.
const MAY: &[(&str, &[&str])] = &[
    ("psychometrics", &[]),
    ("credential", &[]),
    ("boards", &[]),
    ("sandbox", &[]),
    ("codes", &[]),
    ("content", &["codes"]),
    ("db", &[]),
    ("jobs", &["db"]),
    ("grader", &["sandbox", "content"]),
    ("disclosure", &["codes", "db", "credential"]),
    ("pool", &["codes", "disclosure"]),
    ("vacancy-search", &[]),
    ("outbound", &[]),
    (
        "site",
        &[
            "boards",
            "codes",
            "content",
            "credential",
            "db",
            "disclosure",
            "grader",
            "jobs",
            "outbound",
            "pool",
            "psychometrics",
            "vacancy-search",
        ],
    ),
    (
        "jobfuture",
        &[
            "boards",
            "codes",
            "content",
            "credential",
            "db",
            "disclosure",
            "grader",
            "jobs",
            "outbound",
            "pool",
            "psychometrics",
            "sandbox",
            "site",
            "vacancy-search",
        ],
    ),
    (
        "testkit",
        &[
            "boards",
            "codes",
            "content",
            "credential",
            "db",
            "disclosure",
            "grader",
            "jobs",
            "outbound",
            "pool",
            "psychometrics",
            "site",
            "vacancy-search",
        ],
    ),
    ("e2e", &["content", "testkit"]),
    ("xtask", &[]),
];

/// What any crate may use besides, in its tests only.
const FOR_TESTS: &str = "testkit";

/// Every dependency that the table does not allow.
pub fn check(crates: &[Package]) -> Vec<String> {
    let mut faults = Vec::new();
    for package in crates {
        let name = short(&package.name);
        let Some((_, may)) = MAY.iter().find(|(listed, _)| *listed == name) else {
            faults.push(format!(
                "crate {name} stands in no rule: add it to xtask/src/tidy/depend.rs and ARCHITECTURE.md"
            ));
            continue;
        };
        for dependency in package.dependencies.iter().filter(|dependency| dependency.path.is_some()) {
            let other = short(&dependency.name);
            let in_tests = dependency.kind.as_deref() == Some("dev");
            let allowed = may.contains(&other) || (in_tests && other == FOR_TESTS);
            if !allowed {
                faults.push(format!("crate {name} must not depend on {other}: see “May depend on” in ARCHITECTURE.md"));
            }
        }
    }
    faults
}

fn short(name: &str) -> &str {
    name.strip_prefix("jobfuture-").unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace::Dependency;

    fn package(name: &str, other: &str, kind: Option<&str>) -> Package {
        let dependency = Dependency {
            name: format!("jobfuture-{other}"),
            kind: kind.map(str::to_owned),
            path: Some("somewhere".into()),
        };
        Package {
            name: format!("jobfuture-{name}"),
            manifest_path: "Cargo.toml".into(),
            dependencies: vec![dependency],
            targets: vec![],
        }
    }

    #[test]
    fn the_direction_is_kept() {
        let faults = |name: &str, other: &str, kind| check(&[package(name, other, kind)]).len();
        assert_eq!(faults("grader", "sandbox", None), 0);
        assert_eq!(faults("site", "sandbox", None), 1);
        assert_eq!(faults("sandbox", "content", None), 1);
        assert_eq!(faults("db", "testkit", Some("dev")), 0);
        assert_eq!(faults("db", "testkit", None), 1);
        assert_eq!(faults("newcomer", "db", None), 1);
    }

    #[test]
    fn the_table_has_no_circle() {
        fn reaches(from: &str, to: &str, depth: usize) -> bool {
            let next = MAY.iter().find(|(name, _)| *name == from).map_or(&[][..], |(_, may)| may);
            depth > 0 && next.iter().any(|name| *name == to || reaches(name, to, depth - 1))
        }
        assert!(MAY.iter().all(|(name, _)| !reaches(name, name, MAY.len())));
    }
}
