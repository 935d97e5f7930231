-- Privacy: what forgetting somebody needs, and version 2 of the information clause.

-- forget: the person has been erased while the mail was still to leave; its end removes every trace.
ALTER TABLE outgoing_mail
  ADD COLUMN forget TINYINT NOT NULL DEFAULT 0,
  ADD KEY outgoing_mail_person (person_id),
  ADD KEY outgoing_mail_address (to_address);

ALTER TABLE activity ADD KEY activity_request (request_id);

-- Version 2 promises no times of its own: how long each kind of data is kept stands in a table on the
-- page about privacy, which is made from the configuration of the installation.
INSERT INTO information_clause (version, valid_from, text_pl, text_en) VALUES (2, '2026-11-22 00:00:00',
'Kto odpowiada za Twoje dane. Administratorem danych jest operator tego serwisu, organizator ogłaszanych w nim spotkań. Jego nazwę i adres podaje strona „Kontakt” (/kontakt). Na ten adres napisz w każdej sprawie o swoje dane, także do inspektora ochrony danych.

Jakie dane zbieramy. Imię i nazwisko, służbowy adres e-mail, instytucję, stanowisko, sposób udziału oraz to, co zechcesz dopisać: szczególne potrzeby, pytanie do prowadzących, a na swoim koncie także komórkę organizacyjną i telefon. Jeśli się logujesz, zapisujemy rodzaj przeglądarki i sieć, z której to robisz, żeby można było zauważyć obce logowanie. Podanie szczególnych potrzeb jest dobrowolne; jeśli to robisz, zgadzasz się, żeby organizator wykorzystał je tylko do przygotowania tego spotkania.

Po co i na jakiej podstawie. Dane służą do przyjęcia zgłoszenia, prowadzenia listy miejsc i listy rezerwowej, wysłania zaproszeń i zmian do kalendarza, sprawdzenia obecności i wystawienia zaświadczenia. Podstawą jest zadanie wykonywane w interesie publicznym (art. 6 ust. 1 lit. e RODO), a dla szczególnych potrzeb Twoja zgoda (art. 9 ust. 2 lit. a RODO).

Czy musisz je podać. Podanie danych jest dobrowolne, ale bez imienia i nazwiska, adresu e-mail i instytucji nie możemy przyjąć zgłoszenia.

Kto je zobaczy. Organizatorzy spotkania, koordynator Twojej instytucji, gospodarz miejsca w zakresie listy obecności oraz podmioty, które utrzymują serwis i pocztę w imieniu administratora. Inni uczestnicy zobaczą Twoje imię, nazwisko i instytucję tylko wtedy, gdy się na to zgodzisz przy zgłoszeniu. Danych nie sprzedajemy, nie przekazujemy poza Europejski Obszar Gospodarczy i nie podejmujemy na ich podstawie decyzji automatycznych ani profilowania.

Jak długo je trzymamy. Tak długo, jak mówi tabela na stronie „Prywatność” (/prywatnosc): każdy rodzaj danych ma w niej swój termin i powód. Po terminie program sam usuwa dane; o zgłoszeniach zostaje tylko tyle, ile potrzeba do statystyki: spotkanie, instytucja i wynik.

Twoje prawa. Możesz zobaczyć swoje dane, poprawić je, zażądać ich usunięcia lub ograniczenia przetwarzania, a po zalogowaniu sam pobrać je wszystkie i usunąć (Moje, „Prywatność”); możesz też wnieść sprzeciw i cofnąć zgodę w każdej chwili; nie zmienia to tego, co zrobiono wcześniej. Zgłoszenie zmienisz i odwołasz sam pod odnośnikiem z wiadomości. Możesz też wnieść skargę do Prezesa Urzędu Ochrony Danych Osobowych, ul. Stawki 2, 00-193 Warszawa.',
'Who is responsible for your data. The controller is the operator of this service, the organizer of the meetings announced in it. Its name and address stand on the contact page (/en/kontakt). Write there for anything about your data, also to reach the data protection officer.

What we collect. Your name, office e-mail address, institution, position, the way you take part, and what you choose to add: special needs, a question to the speakers, and on your account also your unit and telephone. If you sign in, we record the kind of browser and the network you do it from, so that a stranger''s sign-in can be noticed. Telling us about special needs is voluntary; if you do, you agree that the organizer uses it only to prepare this meeting.

Why, and on what basis. The data serve to accept your registration, to keep the list of places and the waiting list, to send invitations and changes to your calendar, to check attendance and to issue a certificate. The basis is a task carried out in the public interest (GDPR art. 6(1)(e)), and for special needs your consent (GDPR art. 9(2)(a)).

Whether you have to give them. It is voluntary, but without your name, e-mail address and institution we cannot accept the registration.

Who will see them. The organizers of the meeting, the coordinator of your institution, the host of the venue as far as the attendance list goes, and those who run the service and its mail on behalf of the controller. Other participants see your name and institution only if you agree to it when you register. We do not sell data, do not transfer them outside the European Economic Area, and take no automated decisions and build no profiles with them.

How long we keep them. As long as the table on the page "Privacy" (/en/prywatnosc) says: each kind of data has its own time and reason there. After that time the program itself removes the data; of registrations only what statistics need stays: the meeting, the institution and the outcome.

Your rights. You may see your data, correct them, ask for their erasure or for a restriction, and, signed in, download and erase all of them yourself (My pages, "Privacy"); you may also object, and withdraw your consent at any time; that does not change what was done before. You change or cancel a registration yourself with the link in the message. You may also complain to the President of the Personal Data Protection Office, ul. Stawki 2, 00-193 Warszawa, Poland.');
