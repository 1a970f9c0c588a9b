"""An invented bedroom, nobody's, made by code and photographed by code."""
