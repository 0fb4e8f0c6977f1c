"""What the regulation requires of an applicant: rules, amounts, deadlines, the questionnaire."""
