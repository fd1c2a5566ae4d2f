//! Drawing a view again.
//!
//! Leptos patches a view into the next one of the same type, and with erased component types most views have one type
//! (docs/adr/0008-erased-component-types.md). Where a view is replaced by a different one, [`redraw`] draws it again:
//! the previous elements are removed.

use leptos::{
    attr::{Attribute, any_attribute::AnyAttribute},
    prelude::*,
    tachys::{
        hydration::Cursor,
        renderer::{
            Rndr,
            types::{Element, Node, Placeholder},
        },
        view::{Position, PositionState, any_view::AnyViewState},
    },
};

use crate::ui::state::memo;

/// Draws a view, and draws it again whenever a signal changes that it reads.
///
/// For elements that appear, disappear or are replaced: `{redraw(move || error.get().map(|error| view! { …
/// }.into_any()))}`. A text that changes does not need it: `{move || name.get()}`.
pub fn redraw<V: IntoAny + 'static>(draw: impl Fn() -> V + Send + Sync + 'static) -> AnyView {
    erased(Box::new(move || draw().into_any()))
}

/// Draws the children while a condition holds.
#[component]
pub fn Show<W>(
    /// The condition. The children are drawn again only when it changes.
    when: W,
    /// What is drawn.
    children: ChildrenFn,
) -> impl IntoView
where
    W: Fn() -> bool + Send + Sync + 'static,
{
    show(Box::new(when), children)
}

/// One copy for all uses, and so is [`erased`].
fn show(when: Box<dyn Fn() -> bool + Send + Sync>, children: ChildrenFn) -> AnyView {
    let holds = memo(when);
    erased(Box::new(move || holds.get().then(|| children()).into_any()))
}

fn erased(draw: Box<dyn Fn() -> AnyView + Send + Sync>) -> AnyView {
    (move || Redrawn(draw())).into_any()
}

/// Draws each of the items. An item keeps its elements as long as its key is in the list.
pub fn each<T: Send + 'static>(
    items: impl Fn() -> Vec<T> + Send + Sync + 'static,
    key: fn(&T) -> String,
    draw: impl Fn(T) -> AnyView + Clone + Send + Sync + 'static,
) -> AnyView {
    let items = move || {
        let keyed = |item: T| {
            let draw = draw.clone();
            Item { key: key(&item), draw: Box::new(move || draw(item)) }
        };
        items().into_iter().map(keyed).collect()
    };
    erased_each(Box::new(items))
}

/// One of [`each`].
struct Item {
    key: String,
    draw: Box<dyn FnOnce() -> AnyView + Send>,
}

/// One copy for all uses: Leptos's list is a lot of code.
fn erased_each(items: Box<dyn Fn() -> Vec<Item> + Send + Sync>) -> AnyView {
    view! { <For each=items key=|item| item.key.clone() children=|item: Item| (item.draw)() /> }.into_any()
}

/// A view that is never patched into another one.
struct Redrawn(AnyView);

/// The drawn view, and the marker before which the next one is inserted.
struct RedrawnState {
    drawn: AnyViewState,
    mark: Placeholder,
}

impl Render for Redrawn {
    type State = RedrawnState;

    fn build(self) -> Self::State {
        RedrawnState { drawn: self.0.build(), mark: Rndr::create_placeholder() }
    }

    fn rebuild(self, state: &mut Self::State) {
        let mut drawn = self.0.build();
        state.drawn.unmount();
        state.mark.insert_before_this(&mut drawn);
        state.drawn = drawn;
    }
}

impl Mountable for RedrawnState {
    fn unmount(&mut self) {
        self.drawn.unmount();
        self.mark.unmount();
    }

    fn mount(&mut self, parent: &Element, marker: Option<&Node>) {
        self.drawn.mount(parent, marker);
        self.mark.mount(parent, marker);
    }

    fn insert_before_this(&self, child: &mut dyn Mountable) -> bool {
        self.drawn.insert_before_this(child) || self.mark.insert_before_this(child)
    }

    fn elements(&self) -> Vec<Element> {
        self.drawn.elements()
    }
}

impl AddAnyAttr for Redrawn {
    type Output<Attr: Attribute> = Self;

    /// Attributes belong to elements, and this is not one.
    fn add_any_attr<Attr: Attribute>(self, _attr: Attr) -> Self::Output<Attr> {
        self
    }
}

impl RenderHtml for Redrawn {
    type AsyncOutput = AnyView;
    type Owned = Self;

    const MIN_LENGTH: usize = AnyView::MIN_LENGTH;

    fn dry_resolve(&mut self) {
        self.0.dry_resolve();
    }

    fn resolve(self) -> impl Future<Output = AnyView> + Send {
        self.0.resolve()
    }

    fn to_html_with_buf(
        self,
        buf: &mut String,
        position: &mut Position,
        escape: bool,
        mark_branches: bool,
        extra_attrs: Vec<AnyAttribute>,
    ) {
        self.0.to_html_with_buf(buf, position, escape, mark_branches, extra_attrs);
    }

    /// The portal is drawn in the browser only, so there is nothing to hydrate.
    fn hydrate<const FROM_SERVER: bool>(self, _cursor: &Cursor, _position: &PositionState) -> Self::State {
        self.build()
    }

    fn into_owned(self) -> Self::Owned {
        self
    }
}
