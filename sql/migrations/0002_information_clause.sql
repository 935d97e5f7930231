-- Version 1 of the information clause (RODO art. 13), also in an installation without sample data.
-- Paragraphs are separated by an empty line. Who the controller is differs between installations:
-- the text refers to the contact page, which is made from the configuration.

INSERT INTO information_clause (version, valid_from, text_pl, text_en) VALUES (1, '2026-01-01 00:00:00',
'Kto odpowiada za Twoje dane. Administratorem danych jest operator tego serwisu, organizator ogłaszanych w nim spotkań. Jego nazwę i adres podaje strona „Kontakt” (/kontakt). Na ten adres napisz w każdej sprawie o swoje dane, także do inspektora ochrony danych.

Jakie dane zbieramy. Imię i nazwisko, służbowy adres e-mail, instytucję, stanowisko, sposób udziału oraz to, co zechcesz dopisać: szczególne potrzeby i pytanie do prowadzących. Podanie szczególnych potrzeb jest dobrowolne; jeśli to robisz, zgadzasz się, żeby organizator wykorzystał je tylko do przygotowania tego spotkania.

Po co i na jakiej podstawie. Dane służą do przyjęcia zgłoszenia, prowadzenia listy miejsc i listy rezerwowej, wysłania zaproszeń i zmian do kalendarza, sprawdzenia obecności i wystawienia zaświadczenia. Podstawą jest zadanie wykonywane w interesie publicznym (art. 6 ust. 1 lit. e RODO), a dla szczególnych potrzeb Twoja zgoda (art. 9 ust. 2 lit. a RODO).

Czy musisz je podać. Podanie danych jest dobrowolne, ale bez imienia i nazwiska, adresu e-mail i instytucji nie możemy przyjąć zgłoszenia.

Kto je zobaczy. Organizatorzy i prowadzący spotkanie, gospodarz miejsca w zakresie listy obecności oraz podmioty, które utrzymują serwis i pocztę w imieniu administratora. Danych nie sprzedajemy, nie przekazujemy poza Europejski Obszar Gospodarczy i nie podejmujemy na ich podstawie decyzji automatycznych ani profilowania.

Jak długo je trzymamy. Zgłoszenia, listy obecności i zapis wysłanych wiadomości przechowujemy nie dłużej niż 5 lat po spotkaniu, żeby wystawiać zaświadczenia i rozliczyć zadanie; potem je usuwamy. Szczególne potrzeby usuniemy wcześniej, kiedy tylko o to poprosisz.

Twoje prawa. Możesz zobaczyć swoje dane, poprawić je, zażądać ich usunięcia lub ograniczenia przetwarzania, wnieść sprzeciw, a zgodę cofnąć w każdej chwili; nie zmienia to tego, co zrobiono wcześniej. Zgłoszenie zmienisz i odwołasz sam pod odnośnikiem z wiadomości. Możesz też wnieść skargę do Prezesa Urzędu Ochrony Danych Osobowych, ul. Stawki 2, 00-193 Warszawa.',
'Who is responsible for your data. The controller is the operator of this service, the organizer of the meetings announced in it. Its name and address stand on the contact page (/en/kontakt). Write there for anything about your data, also to reach the data protection officer.

What we collect. Your name, office e-mail address, institution, position, the way you take part, and what you choose to add: special needs and a question to the speakers. Telling us about special needs is voluntary; if you do, you agree that the organizer uses it only to prepare this meeting.

Why, and on what basis. The data serve to accept your registration, to keep the list of places and the waiting list, to send invitations and changes to your calendar, to check attendance and to issue a certificate. The basis is a task carried out in the public interest (GDPR art. 6(1)(e)), and for special needs your consent (GDPR art. 9(2)(a)).

Whether you have to give them. It is voluntary, but without your name, e-mail address and institution we cannot accept the registration.

Who will see them. The organizers and speakers of the meeting, the host of the venue as far as the attendance list goes, and those who run the service and its mail on behalf of the controller. We do not sell data, do not transfer them outside the European Economic Area, and take no automated decisions and build no profiles with them.

How long we keep them. Registrations, attendance lists and records of the messages sent are kept for no longer than 5 years after the meeting, to issue certificates and account for the task; then they are deleted. We delete special needs earlier as soon as you ask for it.

Your rights. You may see your data, correct them, ask for their erasure or for a restriction, object, and withdraw your consent at any time; that does not change what was done before. You change or cancel a registration yourself with the link in the message. You may also complain to the President of the Personal Data Protection Office, ul. Stawki 2, 00-193 Warszawa, Poland.');
