//! How somebody stands towards VAT, and which letter follows from it.

use super::document::Letter;

/// A condition towards VAT, of a seller or a buyer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum VatCondition {
    /// Responsable inscripto.
    Registered,
    /// Exento.
    Exempt,
    /// Consumidor final.
    FinalConsumer,
    /// Responsable monotributo.
    Monotributo,
    /// Sujeto no categorizado.
    Uncategorised,
    /// Proveedor del exterior.
    ForeignSupplier,
    /// Cliente del exterior.
    ForeignCustomer,
    /// IVA liberado, Ley 19.640.
    Released,
    /// Monotributista social.
    SocialMonotributo,
    /// IVA no alcanzado.
    NotReached,
    /// Monotributo trabajador independiente promovido.
    PromotedMonotributo,
}

impl VatCondition {
    /// Every condition, by its code.
    pub const ALL: [Self; 11] = [
        Self::Registered,
        Self::Exempt,
        Self::FinalConsumer,
        Self::Monotributo,
        Self::Uncategorised,
        Self::ForeignSupplier,
        Self::ForeignCustomer,
        Self::Released,
        Self::SocialMonotributo,
        Self::NotReached,
        Self::PromotedMonotributo,
    ];

    /// The code of the receiver's condition (RG 5616).
    pub const fn code(self) -> u8 {
        match self {
            Self::Registered => 1,
            Self::Exempt => 4,
            Self::FinalConsumer => 5,
            Self::Monotributo => 6,
            Self::Uncategorised => 7,
            Self::ForeignSupplier => 8,
            Self::ForeignCustomer => 9,
            Self::Released => 10,
            Self::SocialMonotributo => 13,
            Self::NotReached => 15,
            Self::PromotedMonotributo => 16,
        }
    }

    /// The condition of a code.
    pub fn from_code(code: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|condition| condition.code() == code)
    }

    /// Any of the simplified regimes?
    pub const fn is_monotributo(self) -> bool {
        matches!(self, Self::Monotributo | Self::SocialMonotributo | Self::PromotedMonotributo)
    }
}

/// May a seller give a buyer a document of this letter? R and X carry no VAT, so anybody may give them.
pub const fn may_issue(letter: Letter, seller: VatCondition, buyer: VatCondition) -> bool {
    let is_abroad = matches!(buyer, VatCondition::ForeignCustomer | VatCondition::ForeignSupplier);
    let takes_a = matches!(buyer, VatCondition::Registered) || buyer.is_monotributo();
    let charges_no_vat = seller.is_monotributo() || matches!(seller, VatCondition::Exempt);
    let is_registered = matches!(seller, VatCondition::Registered);
    match letter {
        Letter::A => is_registered && takes_a,
        // Seller under review: to other registered payers only.
        Letter::M => is_registered && matches!(buyer, VatCondition::Registered),
        Letter::B => is_registered && !takes_a,
        Letter::C => charges_no_vat,
        Letter::E => (is_registered || charges_no_vat) && is_abroad,
        Letter::R | Letter::X => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// M24: RG 5616.
    #[test]
    fn every_condition_has_its_code_and_no_other_code_has_one() {
        let known: Vec<u8> = (0..=255).filter(|code| VatCondition::from_code(*code).is_some()).collect();
        assert_eq!(known, [1, 4, 5, 6, 7, 8, 9, 10, 13, 15, 16]);
        assert!(VatCondition::ALL.iter().all(|one| VatCondition::from_code(one.code()) == Some(*one)));
    }

    /// M24: the table of letters.
    #[test]
    fn a_registered_seller_gives_a_to_1_6_13_16_and_b_to_the_rest() {
        for buyer in VatCondition::ALL {
            let takes_a = [1, 6, 13, 16].contains(&buyer.code());
            assert_eq!(may_issue(Letter::A, VatCondition::Registered, buyer), takes_a, "{buyer:?}");
            assert_eq!(may_issue(Letter::B, VatCondition::Registered, buyer), !takes_a, "{buyer:?}");
            assert!(!may_issue(Letter::C, VatCondition::Registered, buyer), "{buyer:?}");
        }
    }

    /// M24: the table of letters.
    #[test]
    fn monotributo_and_the_exempt_give_c_to_anyone_and_never_a() {
        for seller in [VatCondition::Monotributo, VatCondition::SocialMonotributo, VatCondition::Exempt] {
            for buyer in VatCondition::ALL {
                assert!(may_issue(Letter::C, seller, buyer));
                assert!(!may_issue(Letter::A, seller, buyer) && !may_issue(Letter::B, seller, buyer));
            }
        }
    }

    /// M24: the table of letters.
    #[test]
    fn m_goes_between_registered_payers_and_e_abroad() {
        assert!(may_issue(Letter::M, VatCondition::Registered, VatCondition::Registered));
        assert!(!may_issue(Letter::M, VatCondition::Registered, VatCondition::Monotributo));
        assert!(may_issue(Letter::E, VatCondition::Registered, VatCondition::ForeignCustomer));
        assert!(!may_issue(Letter::E, VatCondition::Registered, VatCondition::FinalConsumer));
    }
}
