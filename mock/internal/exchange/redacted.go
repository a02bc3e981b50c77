package exchange

// Redacted stands for a value that is not shown because it is a secret.
const Redacted = "[redacted]"
