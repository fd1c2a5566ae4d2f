//! OpenID Connect: reading what a provider says about itself.
