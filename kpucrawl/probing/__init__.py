"""The first look at an unseen office: what to ask, what to tell, what to keep."""
