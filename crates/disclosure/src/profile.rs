//! A person's own profile, with their own key.

use crate::opened::tell_pool;
use crate::{Disclosure, Error, Fact, Field, FieldValue, OwnerKey, Private};
use jobfuture_db::params;
use std::collections::BTreeMap;

/// Everything that a person wrote of themselves. Each part is opened by their key.
#[derive(Debug)]
pub struct Profile(BTreeMap<Field, Private<FieldValue>>);

impl Profile {
    /// What stands in a field, for its owner.
    pub fn own(&self, me: OwnerKey, field: Field) -> Option<&FieldValue> {
        self.0.get(&field)?.own(me)
    }

    /// Which fields hold something.
    pub fn filled(&self) -> impl Iterator<Item = Field> + '_ {
        self.0.keys().copied()
    }

    /// Whether nothing is filled in.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// For which place a field's text is sealed.
pub(crate) fn place(field: Field) -> String {
    format!("field {}", field.id())
}

impl Disclosure {
    /// A person's own profile.
    ///
    /// # Errors
    /// The database's; a row that its key does not open.
    pub async fn profile(&self, me: OwnerKey) -> Result<Profile, Error> {
        let sql = "select field, sealed from profile_field where account = $1";
        let rows: Vec<(String, Vec<u8>)> = self.db().all(sql, params![me.uuid()]).await?;
        let Some(key) = self.keys().existing(me.uuid()).await? else { return Ok(Profile(BTreeMap::new())) };
        let mut fields = BTreeMap::new();
        for (field, sealed) in rows {
            // A field that a later version has dropped is not shown, and not lost.
            let Some(field) = Field::parse(&field) else { continue };
            let text = key.open(&place(field), &sealed)?;
            let value = serde_json::from_slice(&text).map_err(|_| Error::Row("a profile's field"))?;
            fields.insert(field, Private::new(me.uuid(), Fact::Field(field), value));
        }
        Ok(Profile(fields))
    }

    /// Writes a field, or empties it. Whoever was granted it sees the change with their next request.
    ///
    /// # Errors
    /// The database's.
    pub async fn set_field(&self, me: OwnerKey, field: Field, value: Option<&FieldValue>) -> Result<(), Error> {
        self.set_fields(me, &[(field, value)]).await
    }

    /// Writes several, all or none.
    ///
    /// # Errors
    /// The database's.
    pub async fn set_fields(&self, me: OwnerKey, fields: &[(Field, Option<&FieldValue>)]) -> Result<(), Error> {
        let (account, now) = (me.uuid(), self.now());
        let key = self.keys().of(account).await?;
        let mut sealed = Vec::new();
        for (field, value) in fields.iter().filter(|(field, _)| field.holds_something()) {
            let text = value.map(serde_json::to_vec).transpose().map_err(|_| Error::Row("a profile's field"))?;
            let text = text.map(|text| key.seal(&place(*field), &text, self.randomness())).transpose()?;
            sealed.push((*field, text));
        }
        self.db()
            .transaction(move |tx| {
                for (field, sealed) in &sealed {
                    match sealed {
                        Some(sealed) => tx.execute(
                            "insert into profile_field (account, field, sealed, changed_at) values ($1, $2, $3, $4)
                             on conflict (account, field) do update set sealed = excluded.sealed,
                               changed_at = excluded.changed_at",
                            params![account, field.id(), sealed, now],
                        )?,
                        None => {
                            let sql = "delete from profile_field where account = $1 and field = $2";
                            tx.execute(sql, params![account, field.id()])?
                        }
                    };
                }
                tell_pool(tx, account, now)?;
                Ok::<_, Error>(())
            })
            .await
    }
}
