//! Inputs and outputs as data, and the OpenAPI document that Cog prints for them.
