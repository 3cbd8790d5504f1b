//! Values in PostgreSQL's binary form. The server decides each parameter's type; the value follows it where nothing is
//! lost.

use crate::Value;
use bytes::BytesMut;
use jiff::Timestamp;
use std::borrow::Cow;
use std::error::Error as StdError;
use tokio_postgres::types::{FromSql, IsNull, ToSql, Type, to_sql_checked};
use uuid::Uuid;

type Outcome<T> = Result<T, Box<dyn StdError + Sync + Send>>;

/// Microseconds from 1970 to 2000, where PostgreSQL's time begins.
const EPOCH: i64 = 946_684_800_000_000;

impl ToSql for Value<'_> {
    fn to_sql(&self, wanted: &Type, out: &mut BytesMut) -> Outcome<IsNull> {
        match (self, wanted) {
            (Value::Null, _) => Ok(IsNull::Yes),
            (Value::Int(int), &Type::INT8) => int.to_sql(wanted, out),
            (Value::Int(int), &Type::INT4) => i32::try_from(*int)?.to_sql(wanted, out),
            (Value::Int(int), &Type::INT2) => i16::try_from(*int)?.to_sql(wanted, out),
            #[expect(clippy::cast_precision_loss, reason = "as PostgreSQL does when it makes a double of a bigint")]
            (Value::Int(int), &Type::FLOAT8) => (*int as f64).to_sql(wanted, out),
            (Value::Float(float), &Type::FLOAT8) => float.to_sql(wanted, out),
            (Value::Bool(bool), &Type::BOOL) => bool.to_sql(wanted, out),
            (
                Value::Text(text),
                &(Type::TEXT | Type::VARCHAR | Type::BPCHAR | Type::NAME | Type::UNKNOWN | Type::JSON),
            ) => text.to_sql(wanted, out),
            (Value::Bytes(bytes), &Type::BYTEA) => bytes.to_sql(wanted, out),
            (Value::Uuid(uuid), &Type::UUID) => uuid.to_sql(wanted, out),
            (Value::Time(time), &Type::TIMESTAMPTZ) => (time.as_microsecond() - EPOCH).to_sql(&Type::INT8, out),
            _ => Err(format!("{} was given where {wanted} is wanted: write cast($1 as …)", self.kind()).into()),
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

impl<'a> FromSql<'a> for Value<'a> {
    fn from_sql(found: &Type, raw: &'a [u8]) -> Outcome<Self> {
        Ok(match *found {
            Type::INT8 => Value::Int(i64::from_sql(found, raw)?),
            Type::INT4 => Value::Int(i32::from_sql(found, raw)?.into()),
            Type::INT2 => Value::Int(i16::from_sql(found, raw)?.into()),
            Type::FLOAT8 => Value::Float(f64::from_sql(found, raw)?),
            Type::FLOAT4 => Value::Float(f32::from_sql(found, raw)?.into()),
            Type::BOOL => Value::Bool(bool::from_sql(found, raw)?),
            Type::TEXT | Type::VARCHAR | Type::BPCHAR | Type::NAME | Type::UNKNOWN | Type::JSON => {
                Value::Text(Cow::Borrowed(<&str>::from_sql(found, raw)?))
            }
            Type::BYTEA => Value::Bytes(Cow::Borrowed(raw)),
            Type::UUID => Value::Uuid(Uuid::from_sql(found, raw)?),
            Type::TIMESTAMPTZ => Value::Time(time(i64::from_sql(&Type::INT8, raw)?)?),
            _ => return Err(unknown(found).into()),
        })
    }

    fn from_sql_null(_: &Type) -> Outcome<Self> {
        Ok(Value::Null)
    }

    fn accepts(_: &Type) -> bool {
        true
    }
}

fn time(micros: i64) -> Outcome<Timestamp> {
    let since_1970 = micros.checked_add(EPOCH).ok_or("a time without end")?;
    Ok(Timestamp::from_microsecond(since_1970)?)
}

fn unknown(found: &Type) -> String {
    let mend = match *found {
        Type::NUMERIC => "cast it to bigint or double precision in the statement",
        Type::TIMESTAMP => "make the column timestamptz",
        Type::JSONB => "make the column text: JSON is stored only to be read back whole",
        _ => "cast it in the statement",
    };
    format!("{found} is not spoken here: {mend}")
}
