//! What bad input is answered with: the fault, its place, the mend. Each is a line of the snapshot.

use super::Desk;

#[test]
fn bad_input_is_named_with_row_column_and_mend() {
    let desk = Desk::new();
    let answers = [
        ("ragged.csv", "a,b\n1,0\n1\n0,1\n"),
        ("words.csv", "a,b\nright,0\nwrong,1\n"),
        ("constant.csv", "a,b,c\n1,0,1\n1,1,0\n1,1,1\n1,0,0\n"),
        ("graded.csv", "a,b,c\n1,0,1\n2,1,0\n3,1,1\n1,0,0\n"),
        ("unanswered.csv", "a,b,c\n1,0,\n0,1,\n1,1,\n0,0,\n"),
        ("nobody.csv", "a,b\nNA,\n,NA\n"),
        ("negative.csv", "a,b,n\n1,0,3\n0,1,-2\n"),
        ("huge.csv", "a,b,n\n1,0,3\n0,1,1e300\n"),
        ("ids.csv", &(0..80).fold("id,a,b\n".to_owned(), |text, k| format!("{text}{k},{},{}\n", k % 2, k % 3 / 2))),
        ("rownames.csv", "\"\",a,b\n\"1\",1,0\n"),
        ("empty.csv", ""),
        ("header.csv", "a,b\n"),
        ("twice.csv", "a,a\n1,0\n"),
        ("good.csv", "a,b,c\n1,0,1\n0,1,0\n1,1,1\n0,0,0\n1,0,0\n0,1,1\n"),
    ];
    for (name, text) in answers {
        desk.write(name, text);
    }
    desk.write("utf16.csv", b"\xff\xfea\0,\0b\0\n\0");
    desk.write("wide.csv", (0..1_000_000).map(|k| format!("i{k}")).collect::<Vec<_>>().join(","));
    let others = [
        ("half.csv", "item,b_mean,b_sd\na,0,\n"),
        ("narrow.csv", "item,b_mean,b_sd\na,0,0\n"),
        ("both.csv", "item,g,g_free\na,0.2,yes\n"),
        ("stranger.csv", "item,b_mean,b_sd\nz,0,1\n"),
        ("single.csv", "item,factor\na,x\nb,y\nc,y\n"),
        ("unknown.csv", "item,topic\na,x\n"),
    ];
    for (name, text) in others {
        desk.write(name, text);
    }
    let commands = [
        "--responses ragged.csv",
        "--responses words.csv",
        "--responses constant.csv",
        "--responses graded.csv",
        "--responses unanswered.csv",
        "--responses nobody.csv",
        "--responses negative.csv --weights n",
        "--responses huge.csv --weights n",
        "--responses good.csv --weights n",
        "--responses good.csv --weights a --groups a",
        "--responses good.csv --ignore a,b,c",
        "--responses ids.csv",
        "--responses rownames.csv",
        "--responses empty.csv",
        "--responses header.csv",
        "--responses twice.csv",
        "--responses utf16.csv",
        "--responses wide.csv",
        "--responses missing.csv",
        "--responses .",
        "--responses good.csv --priors half.csv",
        "--responses good.csv --priors narrow.csv",
        "--responses good.csv --priors both.csv",
        "--responses good.csv --priors stranger.csv",
        "--responses good.csv --factors single.csv",
    ];
    let mut said = String::new();
    let mut add = |arguments: &str| {
        let done = desk.irt(&format!("fit {arguments}"));
        assert_eq!((done.code, done.answer.as_str()), (2, ""), "{arguments}: {}", done.notes);
        said.push_str(&format!("{arguments}\n{}\n", done.notes));
    };
    commands.iter().for_each(|arguments| add(&format!("--model 2pl {arguments}")));
    for arguments in [
        "--model bifactor --responses good.csv",
        "--model bifactor --responses good.csv --factors single.csv",
        "--model bifactor --responses good.csv --factors unknown.csv",
        "--model 3pl --responses good.csv --priors both.csv",
    ] {
        add(arguments);
    }
    insta::assert_snapshot!(said);
}

#[test]
fn what_is_odd_but_no_fault_is_noted() {
    let desk = Desk::new();
    let rows = "1;4;2;2\n2;1;4;1\n4;2;1;3\n1;1;2;0\n;;;1\n4;4;4;1\n2;2;2;2\n1;2;1;1\n";
    desk.write("odd.csv", format!("a;b;c;n\n{rows}"));
    let done = desk.irt("fit --model pcm --responses odd.csv --weights n --json");
    insta::assert_snapshot!(done.notes);
    let found: serde_json::Value = serde_json::from_str(&done.answer).unwrap();
    assert_eq!(found["notes"].as_array().unwrap().len(), 6, "{}", found["notes"]);
    assert_eq!((&found["persons"], &found["items"][0]["labels"]), (&11.0.into(), &serde_json::json!(["1", "2", "4"])));
}
