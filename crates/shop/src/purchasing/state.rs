//! Law: **an order goes one way.** It is written, sent, received in one or several parts, and closed; or it is cancelled while
//! nothing of it has come. Pure.

/// Where an order stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OrderState {
    /// Borrador: what is wanted goes onto it.
    Draft,
    /// Enviada: the supplier knows.
    Sent,
    /// Parcial: some of it came.
    Partial,
    /// Recibida: all of it came.
    Received,
    /// Cerrada: nothing more is expected.
    Closed,
    /// Cancelada: nothing came and nothing is expected.
    Cancelled,
}

/// The state does not allow it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotNow(pub OrderState);

impl OrderState {
    /// All states, in their order.
    pub const ALL: [Self; 6] = [Self::Draft, Self::Sent, Self::Partial, Self::Received, Self::Closed, Self::Cancelled];

    /// Stable name, as stored and in the API.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Sent => "sent",
            Self::Partial => "partial",
            Self::Received => "received",
            Self::Closed => "closed",
            Self::Cancelled => "cancelled",
        }
    }

    /// The state of that exact name.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }

    /// Its lines may change.
    ///
    /// # Errors
    /// [`NotNow`] once it was sent.
    pub fn change(self) -> Result<(), NotNow> {
        if self == Self::Draft { Ok(()) } else { Err(NotNow(self)) }
    }

    /// It goes to the supplier.
    ///
    /// # Errors
    /// [`NotNow`] unless it is a draft.
    pub fn send(self) -> Result<Self, NotNow> {
        if self == Self::Draft { Ok(Self::Sent) } else { Err(NotNow(self)) }
    }

    /// Goods come; `rest` says whether more is expected.
    ///
    /// # Errors
    /// [`NotNow`] unless goods are expected.
    pub fn receive(self, rest: Rest) -> Result<Self, NotNow> {
        match (self, rest) {
            (Self::Sent | Self::Partial, Rest::Expected) => Ok(Self::Partial),
            (Self::Sent | Self::Partial, Rest::Nothing) => Ok(Self::Received),
            _ => Err(NotNow(self)),
        }
    }

    /// What came of it is taken back; `came` says whether anything is left of it. An order that ended stays ended.
    pub fn take_back(self, came: Came) -> Self {
        match (self, came) {
            (Self::Partial | Self::Received, Came::Something) => Self::Partial,
            (Self::Partial | Self::Received, Came::Nothing) => Self::Sent,
            (other, _) => other,
        }
    }

    /// Nothing more is expected.
    ///
    /// # Errors
    /// [`NotNow`] for drafts, and when it ended before.
    pub fn close(self) -> Result<Self, NotNow> {
        match self {
            Self::Sent | Self::Partial | Self::Received => Ok(Self::Closed),
            _ => Err(NotNow(self)),
        }
    }

    /// It is called off.
    ///
    /// # Errors
    /// [`NotNow`] once anything came.
    pub fn cancel(self) -> Result<Self, NotNow> {
        match self {
            Self::Draft | Self::Sent => Ok(Self::Cancelled),
            _ => Err(NotNow(self)),
        }
    }
}

/// Whether more of an order is expected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rest {
    /// Some line is not complete.
    Expected,
    /// Every line is complete.
    Nothing,
}

/// Whether anything of an order came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Came {
    /// At least something.
    Something,
    /// Nothing at all.
    Nothing,
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a step leads to, for every state; `-` where it is refused.
    #[test]
    fn an_order_goes_one_way() {
        for case in [
            "send         | sent - - - - -",
            "receive part | - partial partial - - -",
            "receive all  | - received received - - -",
            "close        | - closed closed closed - -",
            "cancel       | cancelled cancelled - - - -",
            "take some    | draft sent partial partial closed cancelled",
            "take all     | draft sent sent sent closed cancelled",
        ] {
            let (step, expected) = case.split_once('|').unwrap();
            let of = |state: OrderState| match step.trim() {
                "send" => state.send(),
                "receive part" => state.receive(Rest::Expected),
                "receive all" => state.receive(Rest::Nothing),
                "close" => state.close(),
                "cancel" => state.cancel(),
                "take some" => Ok(state.take_back(Came::Something)),
                _ => Ok(state.take_back(Came::Nothing)),
            };
            let found = OrderState::ALL.map(|state| of(state).map_or("-", OrderState::code));
            assert_eq!(found.join(" "), expected.trim(), "{step}");
        }
    }

    #[test]
    fn only_a_draft_is_changed() {
        let changed = OrderState::ALL.into_iter().filter(|state| state.change().is_ok());
        assert_eq!(changed.collect::<Vec<_>>(), [OrderState::Draft]);
        assert!(OrderState::ALL.into_iter().all(|state| OrderState::from_code(state.code()) == Some(state)));
    }
}
