"""Words that several tests share: instructions, stop rules, questions and variants."""

from server.clinic.protocol import Choice, Instructions, Question, Said, Variant, aloud, silent

# Borg's CR10 scale (Borg 1982), asked for breath and legs as ATS 2002 does before and after a walk.
BORG = {
    "0": "nothing at all",
    "1": "very slight",
    "2": "slight",
    "3": "moderate",
    "4": "somewhat strong",
    "5": "strong",
    "7": "very strong",
    "9": "very, very strong",
    "10": "the most you can imagine",
}
PAIN = {"0": "no pain", "5": "moderate pain", "10": "the worst pain you can imagine"}

DYSPNOEA = Question("borg_dyspnoea", "How short of breath are you?", "scale", 0, 10, BORG)
FATIGUE = Question("borg_fatigue", "How tired are you?", "scale", 0, 10, BORG)
DIZZINESS = Question("dizziness", "Are you dizzy?", "yes_no")
PAIN_NOW = Question("pain", "Do you have pain?", "scale", 0, 10, PAIN)
BEFORE_EFFORT = (DYSPNOEA, FATIGUE)
AFTER_EFFORT = (DYSPNOEA, FATIGUE, DIZZINESS, PAIN_NOW)
AFTER = (FATIGUE, DIZZINESS, PAIN_NOW)

COMMON: Instructions = {
    "ready": aloud("Get ready."),
    "countdown": Said("Three, two, one …", "Three. Two. One."),
    "go": Said("Go!", "Go."),
    "stop": aloud("Stop. The test is over."),
    "lost": aloud("The sensor cannot be heard. Please stop, hold on to something and wait."),
    "done": silent("The test is over."),
}

STOP_RULES = (
    "Stop and sit down if you feel faint, dizzy or unwell.",
    "Stop if you think that you might fall. Hold on to something.",
    "Stop if you have pain that you do not know. You may stop at any time; nothing is lost.",
)
# ATS 2002 (clinical reference §2.2): reasons to end a walk, and not to begin one.
EFFORT_RULES = (
    "Do not begin if you had a heart attack or chest pain at rest in the last month.",
    "Stop and sit down at once if you have chest pain, or cannot get your breath.",
    "Stop if you get cramps in your legs, stagger, turn pale or break out in a sweat.",
    "If chest pain or breathlessness does not go away when you rest, call for help.",
)

AID = Variant(
    "walking_aid",
    "Walking aid",
    "choice",
    (
        Choice("none", "none"),
        Choice("cane", "one cane"),
        Choice("two_canes", "two canes or crutches"),
        Choice("walker", "walker with or without wheels"),
        Choice("other", "something else"),
    ),
)
FOOTWEAR = Variant(
    "footwear",
    "On the feet",
    "choice",
    (Choice("shoes", "usual shoes"), Choice("barefoot", "barefoot or socks"), Choice("other", "something else")),
)
ORTHOSIS = Variant("orthosis", "With an ankle brace", "yes_no")
MEDICATION = Variant(
    "medication",
    "Medication",
    "choice",
    (Choice("on", "working (on)"), Choice("off", "worn off (off)"), Choice("unknown", "does not apply")),
)
CONTEXT = Variant("context", "Anything else worth knowing", "text")
CHAIR_HEIGHT = Variant("chair_height_cm", "Height of the seat", "number", unit="cm")
ARMS_USED = Variant("arms_used", "Pushes up with the arms", "yes_no")

WALKING = (AID, FOOTWEAR, ORTHOSIS, MEDICATION, CONTEXT)
CHAIR = (CHAIR_HEIGHT, ARMS_USED, FOOTWEAR, MEDICATION, CONTEXT)
