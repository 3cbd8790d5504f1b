//! The people of the demonstration: a candidate with something to show, another who shows it to the pool, and companies that are
//! verified, with vacancies. Everything of theirs says that it is a demonstration. They are made once, in a database that nobody is in, and sign
//! in with a password that is drawn then and lies in the data folder.

mod candidates;
mod vacancies;

use anyhow::{Context, Result};
use jobfuture_content::Library;
use jobfuture_credential::{Condition, Date, Id, Label, Level, LevelWord, Named, Signal, Version};
use jobfuture_db::Clock;
use jobfuture_disclosure::{Audience, Disclosure, Entry, Fact, Field, FieldValue, NewGrant, SignalBody, Vocabulary};
use jobfuture_site::company::NewCompany;
use jobfuture_site::{Accounts, EmailAddress, NewAccount, Owner, Site, Token};
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

/// Where the password lies.
const FILE: &str = "demo-sign-in.txt";

/// Makes them if nobody is here yet. Says how to sign in as one of them, if they are here.
pub async fn people(
    site: &Site,
    accounts: &Accounts,
    disclosure: &Disclosure,
    library: &Library,
    data: &Path,
) -> Result<Option<String>> {
    let file = data.join(FILE);
    if accounts.is_empty().await.map_err(said)? {
        let password = Token::random().context("randomness")?.secret()[..14].to_owned();
        make(site, accounts, disclosure, library, &password).await?;
        let text = format!(
            "The people of the demonstration sign in with this password:\n{password}\n\n\
             ada@demo.example   a candidate who shows nothing yet\n\
             ben@demo.example   a candidate who is in the pool, as dora, emil, farah and goran are\n\
             carl@demo.example  acts for a verified company\n\
             cleo@demo.example  acts for another\n"
        );
        let mut out = std::fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&file)?;
        out.write_all(text.as_bytes())?;
    }
    Ok(std::fs::read_to_string(&file).ok())
}

fn said(error: jobfuture_site::SiteError) -> anyhow::Error {
    anyhow::anyhow!("the database did not answer: {error:?}")
}

async fn make(
    site: &Site,
    accounts: &Accounts,
    disclosure: &Disclosure,
    library: &Library,
    password: &str,
) -> Result<()> {
    let carl = person(accounts, "carl@demo.example", "Carl (demonstration)", password).await?;
    let about = "A company of the demonstration; it sells books by mail";
    company(site, library, carl, "Hill Street Books (demonstration)", "hillstreet.example", about).await?;
    let cleo = person(accounts, "cleo@demo.example", "Cleo (demonstration)", password).await?;
    let about = "A company of the demonstration; it runs a shop that never closes";
    company(site, library, cleo, "Canal Works (demonstration)", "canalworks.example", about).await?;
    vacancies::publish(site, disclosure, &[carl, cleo]).await?;

    let ada = person(accounts, "ada@demo.example", "Ada (demonstration)", password).await?;
    fill(disclosure, ada, Field::Handle, &[("handle", "ada-demonstration")]).await?;
    fill(disclosure, ada, Field::Headline, &[("headline", "Django developer who likes slow queries (demonstration)")])
        .await?;
    let job = [
        ("title", "Developer"),
        ("organisation", "Canal Works (demonstration)"),
        ("from", "2021-03"),
        ("about", "Search and stock of a shop that never closes."),
    ];
    fill(disclosure, ada, Field::Experience, &job).await?;
    let pay = [("least", "60000"), ("currency", "EUR"), ("per", "year")];
    fill(disclosure, ada, Field::Pay, &pay).await?;
    fill(disclosure, ada, Field::Name, &[("name", "Ada Example")]).await?;
    let Some(body) = signal(library)? else { return Ok(()) };
    disclosure.make_signal(ada.key(), None, &body, 12).await?;

    let ben = person(accounts, "ben@demo.example", "Ben (demonstration)", password).await?;
    fill(disclosure, ben, Field::Headline, &[("headline", "Backend developer, likes tests (demonstration)")]).await?;
    fill(disclosure, ben, Field::Remote, &[("way", "remote")]).await?;
    let signal = disclosure.make_signal(ben.key(), None, &body, 12).await?;
    let role = body.says.role.id.to_string();
    let facts = [Fact::Field(Field::Headline), Fact::Field(Field::Remote), Fact::Signal(signal)].into();
    let grant = NewGrant {
        audience: Audience::Pool { role },
        facts,
        purpose: "A demonstration of the pool".to_owned(),
        days: 90,
    };
    disclosure.make_grant(ben.key(), grant).await?;
    candidates::make(site, accounts, disclosure, library, password).await?;
    candidates::ask(site, disclosure, cleo).await
}

/// A company that is verified, as an operator would have done it.
async fn company(site: &Site, library: &Library, owner: Owner, name: &str, domain: &str, about: &str) -> Result<()> {
    let roles: Vec<String> = library.roles.keys().cloned().collect();
    let company = NewCompany::check(name, domain, about, &roles, &roles);
    let company = company.map_err(|wrong| anyhow::anyhow!("the demonstration's company: {wrong}"))?;
    let company = site.companies().ask(owner, company).await.map_err(said)?;
    site.companies().verify(company, "Of the demonstration").await.map_err(said)?;
    Ok(())
}

/// Makes an account and gives the key to it, as a session would.
async fn person(accounts: &Accounts, email: &str, name: &str, password: &str) -> Result<Owner> {
    let email = EmailAddress::parse(email).map_err(|error| anyhow::anyhow!("{error}"))?;
    let password = accounts.passwords().hash(password.to_owned()).await.map_err(|error| anyhow::anyhow!("{error}"))?;
    let new = NewAccount { email, name: name.to_owned(), password: Some(password), is_operator: false };
    let account = accounts.create(new).await.map_err(said)?.context("an address of the demonstration is taken")?;
    let token = accounts.sign_in(account, "The demonstration", "made").await.map_err(said)?;
    let session = accounts.session(&token).await.map_err(said)?.context("a session that was just begun")?;
    let owner = session.owner();
    accounts.end_session(owner, session.id()).await.map_err(said)?;
    Ok(owner)
}

async fn fill(disclosure: &Disclosure, owner: Owner, field: Field, pairs: &[(&str, &str)]) -> Result<()> {
    let entry: Entry = pairs.iter().map(|(key, text)| ((*key).to_owned(), (*text).to_owned())).collect();
    let value = FieldValue::check(field, &[entry], &Vocabulary::default());
    let value = value.map_err(|faults| anyhow::anyhow!("the demonstration's profile: {faults:?}"))?;
    Ok(disclosure.set_field(owner.key(), field, value.as_ref()).await?)
}

/// A signal in the words of the content, as a check of it would make one.
fn signal(library: &Library) -> Result<Option<SignalBody>> {
    let ids: Vec<&str> = library.competencies.iter().take(2).map(|one| one.id.as_str()).collect();
    signal_of(library, ("middle", "Middle"), Condition::Practice {}, &ids)
}

/// One that shows at least a level, and these competencies, as far as the content has them.
fn signal_of(
    library: &Library,
    (level, name): (&str, &str),
    condition: Condition,
    competencies: &[&str],
) -> Result<Option<SignalBody>> {
    let Some(check) = library.checks.values().next() else { return Ok(None) };
    let Some(role) = check.role(library) else { return Ok(None) };
    let named = |id: &str, name: &str| {
        Ok::<_, jobfuture_credential::Error>(Named { id: Id::new(id)?, name: Label::new(name)? })
    };
    let shown = library.competencies.iter().filter(|one| competencies.contains(&one.id.as_str()));
    let competencies = shown.map(|one| named(&one.id, &one.name));
    let says = Signal {
        role: named(&role.id, &format!("{} (demonstration)", role.title))?,
        at_least: Level { id: LevelWord::new(level)?, name: LevelWord::new(name)? },
        condition,
        competencies: competencies.collect::<Result<_, _>>()?,
        behaviours: Vec::new(),
        taken_on: Date::new(Clock::system().now().strftime("%Y-%m-%d").to_string())?,
        versions: vec![Version { of: Id::new(check.manifest.id.as_str())?, version: check.manifest.version }],
    };
    Ok(Some(SignalBody { says, evidence: Vec::new() }))
}
