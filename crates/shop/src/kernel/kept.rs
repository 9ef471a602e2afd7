//! What is made of rows and takes its time to make, kept while those rows stay as they are: a directory of suppliers, an
//! index of products. Whoever asks names a mark of the rows, such as their number and last change; another mark, and it
//! is made anew. What the rows say is never kept longer than they say it, in this process or in another.

use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

type Things = HashMap<TypeId, (String, Arc<dyn Any + Send + Sync>)>;

/// One thing of each type, under the mark of the rows it was made of.
#[derive(Default)]
pub struct Kept(Mutex<Things>);

impl Kept {
    /// The thing of this type that was made of rows with this mark.
    pub fn get<T: Any + Send + Sync>(&self, mark: &str) -> Option<Arc<T>> {
        let things = self.things();
        let (_, thing) = things.get(&TypeId::of::<T>()).filter(|(of, _)| of == mark)?;
        Arc::clone(thing).downcast().ok()
    }

    /// Keeps a thing in the place of the one before.
    pub fn put<T: Any + Send + Sync>(&self, mark: String, thing: T) -> Arc<T> {
        let thing = Arc::new(thing);
        self.things().insert(TypeId::of::<T>(), (mark, Arc::clone(&thing) as _));
        thing
    }

    fn things(&self) -> MutexGuard<'_, Things> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thing_is_kept_while_its_rows_stay_as_they_are() {
        let kept = Kept::default();
        assert_eq!(kept.get::<u8>("1"), None);
        kept.put("1".to_owned(), 7_u8);
        kept.put("1".to_owned(), "another type");
        assert_eq!(kept.get::<u8>("1").as_deref(), Some(&7));
        assert_eq!(kept.get::<u8>("2"), None, "the rows are others");
        kept.put("2".to_owned(), 8_u8);
        assert_eq!((kept.get::<u8>("1"), kept.get::<u8>("2").as_deref()), (None, Some(&8)));
    }
}
