"""The first ride, played over HTTP by an app, an operator and partner cities."""
