//! Tables of answers.

use psychometrics::text::{NoGroup, ReadOptions, ReadResponses, read_responses};
use psychometrics::{Answer, ItemColumn};

fn read(text: &str) -> ReadResponses {
    read_responses(text.as_bytes(), &ReadOptions::default()).unwrap()
}

fn fault(text: impl AsRef<[u8]>) -> String {
    fault_with(text, &ReadOptions::default())
}

fn fault_with(text: impl AsRef<[u8]>, options: &ReadOptions) -> String {
    read_responses(text.as_ref(), options).unwrap_err().to_string()
}

fn some(name: &str) -> Option<String> {
    Some(name.to_owned())
}

fn categories(read: &ReadResponses, row: usize) -> Vec<(u32, u8)> {
    read.responses.person(row).answers.iter().map(|Answer { item, category }| (*item, *category)).collect()
}

#[test]
fn the_same_answers_are_read_however_the_file_is_written() {
    let plain = read("a,b\n1,3\nNA,1\n0,\n1,2\n").responses;
    let written = [
        "\u{feff}a,b\n1,3\nNA,1\n0,\n1,2",
        "a,b\r\n1,3\r\nNA,1\r\n0,\r\n1,2\r\n",
        "a;b\n1;3\nNA;1\n0;\n1;2\n",
        "a\tb\n1\t3\nNA\t1\n0\t\n1\t2\n",
        "\"a\",\"b\"\n\"1\",\"3\"\n\"NA\",\"1\"\n\"0\",\"\"\n\"1\",\"2\"\n",
        "a, b\n 1, 3\n NA ,1\n0, \n1.0,2.0\n",
        "\n\na,b\n\n1,3\n\nNA,1\n0,\n1,2\n\n\n",
    ];
    for text in written {
        assert_eq!(read(text).responses, plain, "{text:?}");
    }
    assert_eq!(plain.items()[1].labels, ["1", "2", "3"]);
}

#[test]
fn categories_are_in_ascending_order_whatever_came_first() {
    let read = read("a,b\n12,-1\n4,1\n12,0\n");
    let labels: Vec<_> = read.responses.items().iter().map(|item| item.labels.join(" ")).collect();
    assert_eq!(labels, ["4 12", "-1 0 1"]);
    assert_eq!(categories(&read, 0), [(0, 1), (1, 0)]);
    assert_eq!(read.notes.gaps.iter().map(|item| item.name.as_str()).collect::<Vec<_>>(), ["a"]);
}

#[test]
fn where_all_is_0_or_1_every_item_has_both() {
    let read = read("a,b,c\n1,0,\n1,1,\n");
    assert!(read.responses.items().iter().all(|item| item.labels == ["0", "1"]));
    assert_eq!(categories(&read, 0), [(0, 1), (1, 0)]);
    assert_eq!(self::read("a,b\n1,2\n1,3\n").responses.items()[0].labels, ["1"]);
}

#[test]
fn weights_groups_and_names_of_people_are_no_items() {
    let options = ReadOptions {
        weights: some("n"),
        groups: some("school"),
        id: some("who"),
        ignore: vec!["note".into()],
        no_group: NoGroup::LeaveOut,
        known: None,
    };
    let text = "who,a,n,school,b,note\nAda,1,2.5,south,0,?\nBen,0,0,north,1,\nCleo,,1,north,,x\nDev,1,1,,1,x\n";
    let read = read_responses(text.as_bytes(), &options).unwrap();
    assert_eq!(read.responses.items().len(), 2);
    assert_eq!(read.responses.groups(), ["south", "north"]);
    assert_eq!(read.ids, ["Ada", "Cleo"]);
    assert_eq!(read.responses.people(), 3.5);
    assert_eq!(
        read.notes.sentences(),
        [
            "1 row of weight 0, left out",
            "1 row without a group, left out",
            "1 row without any answer, counted as people; they change nothing else",
        ]
    );
    let refused = fault_with(text, &ReadOptions { no_group: NoGroup::Refuse, ..options });
    assert_eq!(refused, "row 5, column school: the group is missing; give it, or take the row out");
}

#[test]
fn a_bank_says_what_may_be_answered() {
    let item = |name: &str, labels: &[&str]| ItemColumn {
        name: name.into(),
        labels: labels.iter().map(|label| (*label).into()).collect(),
    };
    let known = Some(vec![item("a", &["0", "1"]), item("b", &["1", "2", "3"]), item("c", &["0", "1"])]);
    let options = ReadOptions { known, ..ReadOptions::default() };
    let read = read_responses("c,b\n1,3\n,1\n".as_bytes(), &options).unwrap();
    assert_eq!((categories(&read, 0), categories(&read, 1)), (vec![(1, 2), (2, 1)], vec![(1, 0)]));
    let faults = ["c,b\n1,4\n", "c,z\n1,1\n"].map(|text| fault_with(text, &options));
    assert_eq!(
        faults,
        [
            "row 2, column b: category 4 is not known; the bank's item has 1, 2, 3",
            "column z is no item of the bank; if it holds no answers, leave it out (--ignore)"
        ]
    );
}

#[test]
fn faults_name_row_and_column_and_the_mend() {
    let category = "categories are whole numbers such as 0 and 1, a missing answer is empty or NA; code text as numbers \
                    from the lowest category up, and leave out a column that holds no answers (--ignore, --weights, \
                    --groups)";
    let cases = [
        ("", "there is nothing in it; a header row with the names of the columns comes first".to_owned()),
        ("\n \n", "column 1 has no name in the header; name it or take it out (R's write.csv adds such a column of row names unless row.names = FALSE)".into()),
        ("a,b\n", "there is a header and no row below it".into()),
        ("a,b\n1,0\n1\n", "row 3 and the header differ in their number of cells: 1 and 2".into()),
        ("a,b\r\n1,0\r\n\r\n1,0,1\r\n", "row 4 and the header differ in their number of cells: 3 and 2".into()),
        ("a,b\r1,0\r1", "row 3 and the header differ in their number of cells: 1 and 2".into()),
        ("a,b\n\"1\n\n\",0\n1\n", "row 5 and the header differ in their number of cells: 1 and 2".into()),
        ("a,b\n1,0\n0,yes\n", format!("row 3, column b: “yes” is no category; {category}")),
        ("a,b\n1,0\n0,0.5\n", format!("row 3, column b: “0.5” is no category; {category}")),
        ("a,b\n1,0\n0,\"x\ny\x1b[31m\"\n", format!("row 3, column b: “x\u{fffd}y\u{fffd}[31m” is no category; {category}")),
        ("a,,b\n1,0,1\n", "column 2 has no name in the header; name it or take it out (R's write.csv adds such a column of row names unless row.names = FALSE)".into()),
        ("a,b,a\n1,0,1\n", "columns 1 and 3 are both called a; give each its own name".into()),
    ];
    for (text, wanted) in cases {
        assert_eq!(fault(text), wanted, "{text:?}");
    }
    assert!(fault(b"a,b\n1,0\n0,\xff\n").starts_with("row 3, column b: “\u{fffd}” is no category"));
    assert!(fault(b"a,\xff\n1,0\n").starts_with("row 1, column 2: these bytes are no text in UTF-8"));
    assert!(fault(b"\xff\xfea\0\n\0").starts_with("it is written in UTF-16"));
}

#[test]
fn a_column_of_many_values_is_no_item() {
    let text: String = std::iter::once("id,a\n".to_owned()).chain((0..100).map(|k| format!("{k},1\n"))).collect();
    let said = fault(&text);
    assert!(said.starts_with("row 66, column id: this is its value number 65, and an item has at most 64"), "{said}");
}

#[test]
fn weights_that_count_nobody_are_named() {
    let options = ReadOptions { weights: some("n"), ..ReadOptions::default() };
    for weight in ["-1", "NaN", "inf", "1e10", "", "NA", "many", "1,5"] {
        let said = fault_with(format!("a,n\n1,1\n0,\"{weight}\"\n"), &options);
        let wanted =
            format!("row 3, column n: the weight “{weight}” is no number of people; a weight is from 0 to 10⁹");
        assert_eq!(said, wanted);
    }
    assert_eq!(fault_with("a,n\n1,0\n0,0\n", &options), "every row has weight 0");
}

#[test]
fn columns_that_are_asked_for_must_be_there_once() {
    let weights = ReadOptions { weights: some("n"), ..ReadOptions::default() };
    assert_eq!(fault_with("a,b\n1,1\n", &weights), "there is no column called n (the weights); the header names a, b");
    let both = ReadOptions { weights: some("a"), groups: some("a"), ..ReadOptions::default() };
    assert_eq!(fault_with("a,b\n1,1\n", &both), "column a cannot be both the weights and the groups");
    let all = ReadOptions { ignore: vec!["a".into(), "b".into()], ..ReadOptions::default() };
    assert_eq!(fault_with("a,b\n1,1\n", &all), "no column is left that holds answers: the header names a, b");
}

#[test]
fn a_million_columns_are_refused_at_the_header() {
    let names: Vec<String> = (0..1_000_000).map(|k| format!("i{k}")).collect();
    assert_eq!(fault(names.join(",")), "1000000 columns are more than the 100000 that are taken");
}

#[test]
fn a_line_without_an_end_is_not_kept() {
    let endless = std::io::Read::take(std::io::repeat(b'1'), 1 << 30);
    let said = read_responses(endless, &ReadOptions::default()).unwrap_err().to_string();
    assert_eq!(said, "a line is longer than 64 MiB; is this a CSV file?");
}

#[test]
fn the_public_sets_are_read_as_they_are() {
    let data = |name: &str| std::fs::read(format!("{}/tests/data/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap();
    let sizes = [("lsat6_patterns.csv", some("Freq")), ("lsat7_patterns.csv", some("freq")), ("science.csv", None)];
    let sizes = sizes.map(|(name, weights)| {
        let options = ReadOptions { weights, ..ReadOptions::default() };
        let read = read_responses(data(name).as_slice(), &options).unwrap();
        (read.responses.items().len(), read.responses.people(), read.notes.sentences().len())
    });
    assert_eq!(sizes, [(5, 1000.0, 0), (5, 1000.0, 0), (4, 392.0, 0)]);
}
