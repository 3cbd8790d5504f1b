//! Letters that something was written, without a word of it: one to a side until it has looked, and not before whoever writes has
//! had time to write more.

use super::super::write::find;
use super::super::{Fault, Introductions, Side, letters};
use jiff::SignedDuration;
use jobfuture_codes::Code;
use jobfuture_db::params;
use uuid::Uuid;

/// After a line nothing is told for so long: the other may be looking, or more may be coming.
const WAIT: SignedDuration = SignedDuration::from_mins(10);
/// Conversations that are looked at in one round.
const PORTION: usize = 500;
/// Acts of which nobody was told when they were done.
const UNTOLD: &str = "act in ('wrote', 'offered', 'showed', 'none-fits', 'called-off', 'took-back')";

impl Introductions {
    /// Writes to whoever has not seen what was written to them. Meant to be called every now and then by any number of processes. Gives how
    /// many sides were told.
    ///
    /// # Errors
    /// The database's.
    pub async fn tell_of_lines(&self) -> Result<usize, Fault> {
        let before = self.now().checked_sub(WAIT).unwrap_or_else(|_| self.now());
        let sql = format!(
            "select l.introduction, l.by_side from introduction_line l join introduction i on i.id = l.introduction
             where l.told_at is null and l.seen_at is null and l.made_at <= $1 and l.{UNTOLD} and i.ended_at is null
               and not exists (select 1 from introduction_line o where o.introduction = l.introduction and o.by_side = l.by_side
                                 and o.told_at is not null and o.seen_at is null)
             group by l.introduction, l.by_side order by l.introduction, l.by_side limit {PORTION}"
        );
        let waiting: Vec<(Uuid, String)> = self.db.all(&sql, params![before]).await?;
        let mut count = 0;
        for (id, by) in waiting {
            let Some(by) = Side::parse(&by) else { continue };
            let (base, now) = (self.base.clone(), self.now());
            let told = self.db.transaction_on("introduction", id, move |tx| {
                // Another process may have told them, and they may have looked.
                let sql = format!(
                    "update introduction_line set told_at = $3 where introduction = $1 and by_side = $2 and told_at is null
                       and seen_at is null and {UNTOLD}
                       and not exists (select 1 from introduction_line o where o.introduction = $1 and o.by_side = $2
                                         and o.told_at is not null and o.seen_at is null)"
                );
                if tx.execute(&sql, params![id, by.id(), now])? == 0 {
                    return Ok(0);
                }
                let of = find(tx, id)?;
                letters::tell(tx, &of, by.other(), base.as_deref(), now)?;
                Ok::<_, Fault>(1)
            });
            count += told.await?;
        }
        if count > 0 {
            self.mail.notify_one();
        }
        Ok(count)
    }
}
