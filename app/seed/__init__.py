"""What a first visitor finds: eight scenarios, a model that answers, and people to sign in as."""
