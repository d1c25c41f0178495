"""What the sample's customers say, in patterns: places by " / ", choices by "|".

CORES use the words that everybody expects of a queue, OTHERWISE none of them.
"""

WORDS = {  # for the places in braces
    "who": "I|we|my wife and I|our office",
    "when": "yesterday|since monday|this morning|for two weeks|again|last night"
    "|since the update",
    "thing": "order|shoes|lamp|headphones|coffee machine|shirt|keyboard|blender",
}

CORES: dict[str, list[str]] = {
    "account": [
        "my password|the password|the login|my login / fails|does not work / {when}",
        "I cannot|I can't|unable to / log in|sign in|get into my account / {when}",
        "my account|the account|my profile / is locked|was blocked|got hacked / {when}",
        "please reset|how do I change / my password|my e-mail address|my username",
        "the two-factor|the verification|the security / "
        "code never comes|code is rejected",
    ],
    "billing": [
        "the invoice|my bill|the statement / "
        "is wrong|shows a wrong sum|has the wrong vat / {when}",
        "you charged|I was charged|my card was charged / "
        "twice|too much|without reason / {when}",
        "my payment|the payment|the direct debit / "
        "was declined|bounced|went through twice",
        "question about|please explain / "
        "the invoice|this charge|my bill|the fee / {when}",
        "please send|I need / a copy of the invoice|a receipt with vat|the bill as pdf",
    ],
    "cancellation": [
        "I want to|I would like to|please / cancel|terminate|end / "
        "my subscription|the contract",
        "please close|please delete / my account|my account and all data / "
        "for good|at once",
        "how do I|where can I / cancel|unsubscribe from|stop / the plan|my membership",
        "this is my|please confirm my / cancellation|notice / "
        "for the end of the month|of today",
    ],
    "delivery": [
        "my parcel|the package|my delivery|the / {thing} / "
        "has not arrived|is late|is lost / {when}",
        "where is|when will you ship / my order|my parcel|the package|my / {thing}",
        "the tracking|the tracking number|the courier / "
        "shows nothing|says delivered, it is not here",
        "the courier|the driver|the postman / "
        "left it with a neighbour|never rang|came too early",
        "please change|I need to change / "
        "the delivery address|the delivery date / of my order",
    ],
    "returns": [
        "I want to|I would like to|how do I / return|send back|exchange / "
        "the|my / {thing}",
        "please send|I still wait for / a refund|my refund|my money back / "
        "for the / {thing}",
        "the / {thing} / "
        "does not fit|is too small|is broken|has the wrong colour / I send it back",
        "where is|I need / the return label|a return slip|the refund / "
        "for the / {thing}",
    ],
    "technical": [
        "the app|your app|the website|the page / "
        "crashes|freezes|is very slow|stays blank / {when}",
        "I get|there is|it shows / "
        "an error|error 500|a strange message|error code 17 / {when}",
        "the button|the search|the upload|the map / "
        "does nothing|is broken|gives an error / {when}",
        "since the update|after the update / the app / "
        "does not start|drains the battery|crashes",
        "there is a bug|I found a bug / in the app|on the website|in the search",
    ],
}

OTHERWISE: dict[str, list[str]] = {
    "account": [
        "{who} / "
        "keep being sent back to the first screen|"
        "am a stranger to your system / {when}",
        "it says|your site says / "
        "that nobody of my name exists|my credentials are unknown",
        "somebody else|a stranger / "
        "seems to use my name with you|wrote in my name / {when}",
    ],
    "billing": [
        "I had to pay|we paid / for the same thing two times|more than agreed / {when}",
        "the sum|the amount / taken from my bank|on my statement / "
        "is not what we agreed",
        "why did the price|why did the fee / go up|double / without a word",
    ],
    "cancellation": [
        "I do not want / to be your customer any longer|to go on with this / "
        "please stop it",
        "we are moving abroad|I found something better / "
        "so this ends here|so I am leaving you",
    ],
    "delivery": [
        "nothing came|still nothing here|we are waiting for the / {thing} / {when}",
        "{who} / stood at the door all day / and nobody came|in vain",
        "it should have been here / on friday|before the weekend|by now",
    ],
    "returns": [
        "the / {thing} / is not what I ordered|came in pieces|is not for me / "
        "take it back please",
        "I changed my mind about the / {thing} / "
        "what do I do with it now|who collects it",
    ],
    "technical": [
        "nothing happens|the screen goes dark / "
        "when I press save|when I open the menu / {when}",
        "it hangs|it stops|everything stands still / "
        "at the last step|on my phone / {when}",
    ],
}

DENIERS = [
    "This is not about {}.",
    "Not a question about {},",
    "I have no problem with {}.",
    "It has nothing to do with {}.",
    "{} is fine, but",
    "Please do not send this to the team for {} again.",
]
DENIED: dict[str, list[str]] = {
    "account": ["my login", "the password", "my account"],
    "billing": ["billing", "the invoice", "my bill", "the payment"],
    "cancellation": ["cancelling", "ending the contract"],
    "delivery": ["the delivery", "the parcel", "the tracking"],
    "returns": ["a refund", "a return", "sending anything back"],
    "technical": ["the app", "an error", "the website"],
}
ASIDES = [
    "I have been a customer for / two|five|ten / years",
    "I called / twice|three times / and nobody could help",
    "please / answer soon|call me back|help",
    "my number is / 48213|99871|12007|55310",
    "this is / urgent|really annoying|the second time",
    "otherwise I am happy with you",
    "thank you for / the quick help last time|your patience",
]
GREETINGS = [
    "Hello,",
    "Dear team,",
    "Hi there,",
    "Good morning,",
    "To whom it may concern,",
]
CLOSINGS = [
    "Kind regards, Ada",
    "Thanks, Tom",
    "Best wishes, Mei",
    "Regards, J. Okafor",
]
