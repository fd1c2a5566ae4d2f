//! Pages and components of the portal.
