//! The one door: everything that anybody sees of a candidate is a [`Seen`], which one function here makes of (candidate,
//! grants, viewer). It writes the view log before it hands anything out.

mod rows;

#[cfg(test)]
pub(crate) use rows::clauses;
pub use rows::company_sees;
pub(crate) use rows::{GrantInForce, Rows, TALK_DUE_AT, TALK_GOES_ON, next_accounts, select};

use crate::keys::Viewer;
use crate::view::Through;
use crate::{
    Act, AsCompany, Disclosure, Error, Evidence, Fact, Field, FieldValue, Grant, OwnerKey, PreviewFor, Private,
    SealingKey, SignalBody, Token, profile, signal,
};
use jiff::Timestamp;
use jobfuture_credential::Signal;
use jobfuture_db::params;
use rows::{AsIf, in_force, select_as_if};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// What one viewer sees of one candidate at one moment. It has no public constructor: [`Disclosure`] makes it.
///
/// ```compile_fail
/// let forged = jobfuture_disclosure::Seen { fields: Vec::new(), ..todo!() };
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Seen {
    name: CandidateName,
    fields: BTreeMap<Field, FieldValue>,
    signals: Vec<SeenSignal>,
    terms: Vec<Terms>,
    /// Roles through whose pools.
    pools: BTreeSet<String>,
    /// Whether names of employers and schools are among the fields.
    names_organisations: bool,
}

/// A signal that a viewer sees.
#[derive(Clone, PartialEq, Eq)]
pub struct SeenSignal {
    says: Signal,
    evidence: Vec<Evidence>,
    expires_at: Timestamp,
    pub(crate) grant: Uuid,
    pub(crate) id: Uuid,
}

/// What a grant says beside what it opens: what for, and until when.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Terms {
    /// In the candidate's words.
    pub purpose: String,
    /// When it ends by itself.
    pub until: Timestamp,
}

/// By which a viewer knows a candidate. Another viewer knows the same person by another name, and none tells anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CandidateName([u8; 16]);

impl CandidateName {
    /// One from an address; nothing if it cannot be one.
    pub fn parse(text: &str) -> Option<Self> {
        let is_plain = text.len() == 32 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        is_plain.then(|| Uuid::try_parse(text).ok()).flatten().map(|uuid| Self(uuid.into_bytes()))
    }

    pub(crate) fn of_bytes(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    pub(crate) fn bytes(self) -> [u8; 16] {
        self.0
    }

    /// A few letters of it, to call somebody by who showed no name.
    pub fn short(&self) -> String {
        let letters = b"ACDEFGHJKLMNPQRTUVWXY34679";
        self.0.iter().take(5).map(|byte| char::from(letters[usize::from(*byte) % letters.len()])).collect()
    }
}

impl std::fmt::Display for CandidateName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", Uuid::from_bytes(self.0).simple())
    }
}

impl Seen {
    /// By which the viewer knows them, in addresses.
    pub fn name(&self) -> CandidateName {
        self.name
    }

    /// What to call them: their name or handle if the viewer may see one, and letters otherwise.
    pub fn called(&self) -> String {
        let first = |field: Field, key: &str| self.fields.get(&field)?.entries().first()?.get(key).cloned();
        first(Field::Name, "name")
            .or_else(|| first(Field::Handle, "handle"))
            .unwrap_or_else(|| format!("Candidate {}", self.name.short()))
    }

    /// The fields that were granted and hold something, in the order of the profile.
    pub fn fields(&self) -> impl Iterator<Item = (Field, &FieldValue)> {
        self.fields.iter().map(|(field, value)| (*field, value))
    }

    /// One of them.
    pub fn field(&self, field: Field) -> Option<&FieldValue> {
        self.fields.get(&field)
    }

    /// The signals that were granted, the latest first.
    pub fn signals(&self) -> &[SeenSignal] {
        &self.signals
    }

    /// On what terms.
    pub fn terms(&self) -> &[Terms] {
        &self.terms
    }

    /// Roles through whose pools they are seen: whoever grants to one looks for that role.
    pub fn pools(&self) -> impl Iterator<Item = &str> {
        self.pools.iter().map(String::as_str)
    }

    /// Names of what is shown, for the log.
    pub(crate) fn facts(&self) -> Vec<String> {
        let fields = self.fields.keys().map(|field| field.id().to_owned());
        let names = self.names_organisations.then(|| Field::Organisations.id().to_owned());
        fields.chain(names).chain(self.signals.iter().map(|signal| format!("signal {}", signal.id))).collect()
    }
}

impl SeenSignal {
    /// What it says.
    pub fn says(&self) -> &Signal {
        &self.says
    }

    /// Code that its candidate attached.
    pub fn evidence(&self) -> &[Evidence] {
        &self.evidence
    }

    /// Until when it is valid.
    pub fn expires_at(&self) -> Timestamp {
        self.expires_at
    }
}

impl Disclosure {
    /// What a company sees of a candidate whom it knows by this name; nothing if that is nothing, for whatever reason.
    /// Its candidate's log says so afterwards. Somebody whose role there does not see candidates sees nothing.
    ///
    /// # Errors
    /// The database's; a row that its key does not open.
    pub async fn see(&self, viewer: &AsCompany, name: CandidateName) -> Result<Option<Seen>, Error> {
        let Some((account, seen)) = self.look_as(viewer, name).await? else { return Ok(None) };
        self.log(account, Through::page(viewer), &seen).await?;
        Ok(Some(seen))
    }

    /// Everybody of whom a company sees something, in an order that says nothing.
    ///
    /// # Errors
    /// As [`Self::see`].
    pub async fn list(&self, viewer: &AsCompany) -> Result<Vec<Seen>, Error> {
        if !viewer.may(Act::Candidates) {
            return Ok(Vec::new());
        }
        let (id, now) = (viewer.company, self.now());
        let left_out = self.left_out();
        let accounts: Vec<(Uuid,)> = self
            .db()
            .read(move |snapshot| {
                let condition = in_force(&Viewer::Company { id }, left_out);
                let sql = format!("select distinct g.account from disclosure_grant g where {condition}");
                snapshot.all(&sql, params![now, id])
            })
            .await
            .map_err(|error: jobfuture_db::Error| Error::from(error))?;
        let mut all = Vec::new();
        for (account,) in accounts {
            // What cannot be opened is not there; one person's damaged row must not hide all the others.
            let (account, seen) = match self.look(Viewer::Company { id }, id, Some(account)).await {
                Ok(Some(found)) => found,
                Ok(None) | Err(Error::Key(_) | Error::Row(_)) => continue,
                Err(error) => return Err(error),
            };
            self.log(account, Through::list(viewer), &seen).await?;
            all.push(seen);
        }
        all.sort_unstable_by_key(|seen| seen.name);
        Ok(all)
    }

    /// What a company sees at this moment of these candidates, in their order; those of whom that is nothing are not among them. For
    /// whoever found them in an index, which may be older. Their logs say so afterwards.
    ///
    /// # Errors
    /// As [`Self::see`].
    pub async fn see_these(&self, viewer: &AsCompany, accounts: &[Uuid]) -> Result<Vec<(Uuid, Seen)>, Error> {
        if !viewer.may(Act::Candidates) {
            return Ok(Vec::new());
        }
        let (company, now, left_out, asked) = (viewer.company, self.now(), self.left_out(), accounts.to_vec());
        let rows = self
            .db()
            .read(move |snapshot| select(snapshot, &Viewer::Company { id: company }, Some(&asked), now, left_out))
            .await?;
        let found: Vec<Uuid> = rows.iter().map(|rows| rows.account).collect();
        let keys = self.keys().existing_of(&found).await?;
        let mut seen = BTreeMap::new();
        for rows in &rows {
            let Some(key) = keys.get(&rows.account) else { continue };
            let name = self.keys().name_for(company, rows.account).await?;
            match seen_of(rows, key, name) {
                Ok(one) => drop(seen.insert(rows.account, one)),
                // One person's damaged row must not hide all the others.
                Err(Error::Key(_) | Error::Row(_)) => {}
                Err(error) => return Err(error),
            }
        }
        let seen: Vec<(Uuid, Seen)> = accounts.iter().filter_map(|account| seen.remove_entry(account)).collect();
        self.log_all(&seen, Through::search(viewer)).await?;
        Ok(seen)
    }

    /// What somebody who talks to the candidate of an open conversation sees of them: an interviewer if they were asked to it, and whoever
    /// sees candidates at that company. Nothing for everybody else, and where nothing is granted any more. Its candidate's log says so
    /// afterwards.
    ///
    /// # Errors
    /// As [`Self::see`].
    pub async fn see_for_interview(&self, viewer: &AsCompany, introduction: Uuid) -> Result<Option<Seen>, Error> {
        if !viewer.may(Act::Interviews) {
            return Ok(None);
        }
        let company = viewer.company;
        let talk = Viewer::Interview { company, introduction, member: viewer.member };
        let Some((account, seen)) = self.look(talk, company, None).await? else { return Ok(None) };
        self.log(account, Through::interview(viewer), &seen).await?;
        Ok(Some(seen))
    }

    /// What the bearer of a link sees. Counts that it was opened.
    ///
    /// # Errors
    /// As [`Self::see`].
    pub async fn open_link(&self, token: &Token) -> Result<Option<Seen>, Error> {
        let viewer = Viewer::Bearer(token.hash());
        // A link's bearer is nobody in particular: the name that it gives is the grant's own.
        let Some((account, seen)) = self.look(viewer, Uuid::nil(), None).await? else { return Ok(None) };
        let hash = token.hash();
        let sql = "update disclosure_grant set opened = opened + 1 where token_hash = $1 and opened < opens_at_most
                   returning id";
        let opened: Option<(Uuid,)> = self.db().optional(sql, params![hash]).await?;
        // Somebody else opened it for the last time meanwhile.
        let Some((grant,)) = opened else { return Ok(None) };
        self.log(account, Through::link(grant), &seen).await?;
        Ok(Some(seen))
    }

    /// What somebody would see of the person themselves: made by the same function, and logged nowhere.
    ///
    /// # Errors
    /// As [`Self::see`].
    pub async fn preview(&self, me: OwnerKey, to: PreviewFor) -> Result<Option<Seen>, Error> {
        let (viewer, as_known_by) = match to {
            PreviewFor::Company(id) => (Viewer::Company { id }, id),
            PreviewFor::Pool { role } => (Viewer::AnyInPool { role }, Uuid::nil()),
            PreviewFor::Link(grant) => (Viewer::BearerOf(grant), Uuid::nil()),
            PreviewFor::Stranger => return Ok(None),
        };
        Ok(self.look(viewer, as_known_by, Some(me.uuid())).await?.map(|(_, seen)| seen))
    }

    /// What a company would see of the person if they granted these facts to it besides: made by the same function, and logged
    /// nowhere.
    ///
    /// # Errors
    /// As [`Self::see`].
    pub async fn preview_with(
        &self,
        me: OwnerKey,
        company: Uuid,
        facts: BTreeSet<Fact>,
        terms: Terms,
    ) -> Result<Option<Seen>, Error> {
        let as_if = Some(AsIf { facts, terms });
        let looked = self.look_as_if(Viewer::Company { id: company }, company, Some(me.uuid()), as_if).await?;
        Ok(looked.map(|(_, seen)| seen))
    }

    /// What a company sees, before its candidate's log says so.
    pub(crate) async fn look_as(&self, viewer: &AsCompany, name: CandidateName) -> Result<Option<(Uuid, Seen)>, Error> {
        if !viewer.may(Act::Candidates) {
            return Ok(None);
        }
        let id = viewer.company;
        let account = self.keys().named(id, name.0).await?;
        self.look(Viewer::Company { id }, id, Some(account)).await
    }

    /// What one viewer sees of one candidate, or of whoever it is; everything that is seen is looked at like this.
    async fn look(&self, viewer: Viewer, known_by: Uuid, account: Option<Uuid>) -> Result<Option<(Uuid, Seen)>, Error> {
        self.look_as_if(viewer, known_by, account, None).await
    }

    async fn look_as_if(
        &self,
        viewer: Viewer,
        known_by: Uuid,
        account: Option<Uuid>,
        as_if: Option<AsIf>,
    ) -> Result<Option<(Uuid, Seen)>, Error> {
        let (now, left_out) = (self.now(), self.left_out());
        let accounts = account.map(|account| vec![account]);
        let rows = self.db().read(move |snapshot| {
            let rows = select(snapshot, &viewer, accounts.as_deref(), now, left_out)?.into_iter().next();
            match (&as_if, account) {
                (Some(as_if), Some(account)) => select_as_if(snapshot, rows, account, as_if, now).map(Some),
                _ => Ok(rows),
            }
        });
        let Some(rows) = rows.await? else { return Ok(None) };
        // Without the key nothing can be opened: the person is gone.
        let Some(key) = self.keys().existing(rows.account).await? else { return Ok(None) };
        let name = match known_by.is_nil() {
            false => self.keys().name_for(known_by, rows.account).await?,
            true => self.keys().name_for(rows.grants[0].id, rows.account).await?,
        };
        Ok(Some((rows.account, seen_of(&rows, &key, name)?)))
    }
}

/// The one function that makes a [`Seen`].
pub(crate) fn seen_of(rows: &Rows, key: &SealingKey, name: [u8; 16]) -> Result<Seen, Error> {
    let owner = rows.account;
    let facts = granted(rows);
    let grant = Grant::from_rows(owner, &facts);
    let shows_names = facts.contains(&Fact::Field(Field::Organisations));
    let (mut fields, mut names_organisations) = (BTreeMap::new(), false);
    for row in &rows.fields {
        let (Some(field), Some(sealed)) = (Field::parse(&row.field), &row.sealed) else { continue };
        if fields.contains_key(&field) {
            continue;
        }
        let text = key.open(&profile::place(field), sealed)?;
        let value: FieldValue = serde_json::from_slice(&text).map_err(|_| Error::Row("a profile's field"))?;
        let Some(value) = Private::new(owner, Fact::Field(field), value).under(&grant) else { continue };
        names_organisations |= shows_names && value.names_somebody(field);
        fields.insert(field, if shows_names { value } else { value.masked(field) });
    }
    let mut signals: BTreeMap<Uuid, SeenSignal> = BTreeMap::new();
    for row in &rows.signals {
        if signals.contains_key(&row.id) {
            continue;
        }
        let text = key.open(&signal::place(row.id), &row.sealed)?;
        let body: SignalBody = serde_json::from_slice(&text).map_err(|_| Error::Row("a signal"))?;
        let Some(body) = Private::new(owner, Fact::Signal(row.id), body).under(&grant) else { continue };
        let SignalBody { says, evidence } = body;
        let seen = SeenSignal { says, evidence, expires_at: row.expires_at, grant: row.grant_id, id: row.id };
        signals.insert(row.id, seen);
    }
    let mut signals: Vec<SeenSignal> = signals.into_values().collect();
    signals.sort_by(|one, other| other.says.taken_on.cmp(&one.says.taken_on).then(one.id.cmp(&other.id)));
    let terms = rows.grants.iter().map(|row| Terms { purpose: row.purpose.clone(), until: row.expires_at });
    let terms: BTreeSet<Terms> = terms.collect();
    Ok(Seen {
        name: CandidateName(name),
        fields,
        signals,
        terms: terms.into_iter().collect(),
        pools: rows.grants.iter().filter_map(|row| row.role.clone()).collect(),
        names_organisations,
    })
}

/// Everything that the grants open together.
fn granted(rows: &Rows) -> BTreeSet<Fact> {
    let fields = rows.fields.iter().filter_map(|row| Field::parse(&row.field).map(Fact::Field));
    fields.chain(rows.signals.iter().map(|row| Fact::Signal(row.id))).collect()
}

/// Says nothing of the person.
impl std::fmt::Debug for Seen {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Seen(…)")
    }
}

/// Says nothing of the person.
impl std::fmt::Debug for SeenSignal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SeenSignal(…)")
    }
}
