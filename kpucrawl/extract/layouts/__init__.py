"""What is learnt of an office's page template: where its articles stand, and what is furniture."""
