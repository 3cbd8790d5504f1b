//! Addresses as they are pasted.

use jobfuture_boards::{Adapter, AddressFault, Board};

#[test]
fn pasted_addresses_lead_to_boards() {
    for (text, adapter, account) in [
        ("https://boards.greenhouse.io/hill", Adapter::Greenhouse, "hill"),
        ("https://job-boards.greenhouse.io/hill/jobs/4001?gh_src=x", Adapter::Greenhouse, "hill"),
        ("https://job-boards.eu.greenhouse.io/hill", Adapter::Greenhouse, "hill"),
        ("https://boards-api.greenhouse.io/v1/boards/hill/jobs?content=true", Adapter::Greenhouse, "hill"),
        ("https://boards.greenhouse.io/embed/job_board?for=hill&b=1", Adapter::Greenhouse, "hill"),
        ("  jobs.lever.co/hill ", Adapter::Lever, "hill"),
        ("https://jobs.eu.lever.co/hill/0f3a/apply", Adapter::Lever, "hill"),
        ("https://api.lever.co/v0/postings/hill?mode=json", Adapter::Lever, "hill"),
        ("https://jobs.ashbyhq.com/Hill%20Street", Adapter::Ashby, "Hill Street"),
        ("https://api.ashbyhq.com/posting-api/job-board/hill", Adapter::Ashby, "hill"),
        ("https://apply.workable.com/hill/j/8B8A457674/", Adapter::Workable, "hill"),
        ("https://apply.workable.com/api/v1/widget/accounts/hill", Adapter::Workable, "hill"),
        ("https://hill.workable.com/", Adapter::Workable, "hill"),
        ("https://HILL.recruitee.com/o/python-engineer", Adapter::Recruitee, "hill"),
        ("https://hill.jobs.personio.de/job/1?language=de", Adapter::Personio, "hill"),
        ("https://hill.jobs.personio.com", Adapter::Personio, "hill"),
        ("https://hill.example/jobs/backend#apply", Adapter::Page, "https://hill.example/jobs/backend"),
    ] {
        let board = Board::parse(text).unwrap();
        assert_eq!((board.adapter(), board.account()), (adapter, account), "{text}");
        assert_eq!(Board::parse(&board.to_string()).unwrap(), board, "{board} is the same board again");
    }
}

#[test]
fn what_is_no_companys_board_says_how_one_looks() {
    let fault = |text: &str| Board::parse(text).unwrap_err();
    for text in [
        "https://jobs.lever.co/",
        "https://boards.greenhouse.io/embed/job_board",
        "https://apply.workable.com/j/8B8A457674",
        "https://www.recruitee.com/",
        "https://jobs.ashbyhq.com/..%2f..%2fadmin",
    ] {
        assert!(matches!(fault(text), AddressFault::NoAccount { .. }), "{text}");
    }
    for text in ["", "hill", "our board", "https://"] {
        assert_eq!(fault(text), AddressFault::NoAddress, "{text}");
    }
    assert_eq!(fault("file:///etc/passwd"), AddressFault::Scheme("file".into()));
    assert_eq!(fault("https://ada:secret@hill.example/"), AddressFault::Password);
    assert_eq!(fault(&format!("https://hill.example/{}", "x".repeat(3000))), AddressFault::TooLong);
    insta::assert_snapshot!(fault("https://jobs.lever.co/"), @"This is an address of Lever, but of no company's board there. Such a one looks like https://jobs.lever.co/hill.");
}
