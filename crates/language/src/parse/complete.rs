//! What an item leaves out and its neighbours say: the goods before it, and whether a number is a pack, a size or how
//! many.

use gondola_ledger::qty::SCALE;
use gondola_ledger::{Qty, Unit};

use super::catalogue::{Fit, Part, Said};
use super::compose::Composer;
use super::item::Item;

impl Composer<'_> {
    /// The words of an item; one with a size or a pack alone repeats the goods before it.
    pub(super) fn complete(&mut self, item: &mut Item) -> String {
        let own = item.span.clone().map_or("", |span| &self.sentence[span]).trim().to_owned();
        self.number_alone(item);
        let text = match self.last.as_ref().filter(|_| !item.has_words() && self.repeats(item)) {
            Some((last, text)) => {
                let words = last.said.parts.iter().filter(|part| matches!(part, Part::Word(_)));
                let parts: Vec<Part> = words.cloned().chain(item.said.parts.clone()).collect();
                item.said.parts = if item.said.parts.is_empty() { last.said.parts.clone() } else { parts };
                if own.is_empty() { text.clone() } else { format!("{text} {own}") }
            }
            None => own,
        };
        self.pack(item);
        self.last = Some((item.clone(), text.clone()));
        text
    }

    /// A number alone is a size of the goods before it, if they come in it: "Coca 1.5 y 2.25".
    fn number_alone(&self, item: &mut Item) {
        let (Some(number), None, Some((last, _))) = (item.quantity, item.unit, &self.last) else { return };
        let is_list_of_sizes = self.items_in_clause > 0 && item.is_in_figures && last.quantity.is_none();
        if !is_list_of_sizes || !item.said.parts.is_empty() || !item.packs.is_empty() {
            return;
        }
        let size = Part::Number(number.format(Unit::Un), number);
        let words = last.said.parts.iter().filter(|part| matches!(part, Part::Word(_))).cloned();
        let parts = words.chain([size.clone()]).collect();
        if self.parser.catalogue.fit(&Said { parts, pack: None }) != Fit::Nothing {
            item.said.parts.push(size);
            item.quantity = None;
        }
    }

    /// Does an item without words mean the goods before it, and not a name of figures such as 1882?
    fn repeats(&self, item: &Item) -> bool {
        self.parser.catalogue.fit(&item.said) == Fit::Nothing
    }

    /// With one x it is the pack, if the shop has it, and else the quantity; with two the pack comes first.
    fn pack(&self, item: &mut Item) {
        let as_pack = |number: Qty| u32::try_from(number.raw() / SCALE).ok().filter(|_| number.is_whole());
        let mut packs = item.packs.clone().into_iter();
        let Some(first) = packs.next() else { return };
        let pack = as_pack(first).filter(|&pack| self.parser.catalogue.pack_among(&item.said, pack));
        let quantity = if pack.is_some() { packs.next() } else { Some(first) };
        item.said.pack = pack;
        item.is_odd |= packs.next().is_some() || quantity.is_some() && item.quantity.is_some();
        item.quantity = item.quantity.or(quantity);
    }
}
